/** The conformance kit for plugins. */
export { allChecks, type CheckId, pluginChecks, typeChecks } from "./Checks.ts"
export { type ConformanceLimits, defaultLimits } from "./ConformanceLimits.ts"
export { formatReport, formatResult } from "./formatReport.ts"
export { CheckResult, CheckStatus, ConformanceReport } from "./Report.ts"
export { findSamples, readSamples, Sample, Samples, SamplesInvalid } from "./Samples.ts"
export { PluginUnusable } from "./PluginUnusable.ts"
export { testPlugin, type TestPluginOptions } from "./testPlugin.ts"
