/** The conformance kit for plugins. */
export { allChecks, type CheckId, pluginChecks, typeChecks } from "./checks/Checks.ts"
export { type ConformanceLimits, defaultLimits } from "./peer/ConformanceLimits.ts"
export { formatReport, formatResult } from "./report/formatReport.ts"
export { CheckResult, CheckStatus, ConformanceReport } from "./report/Report.ts"
export { findSamples, readSamples } from "./samples/readSamples.ts"
export { Sample, Samples, SamplesInvalid } from "./samples/Samples.ts"
export { PluginUnusable } from "./peer/PluginUnusable.ts"
export { testPlugin, type TestPluginOptions } from "./testPlugin.ts"
