/**
 * The conformance kit: tests whether a plugin does what PROTOCOL.md says.
 *
 * Its folders, from the bottom up; each knows only those before it:
 *
 * 1. `report`: the ids of the checks, what came of each, and the report in words.
 * 2. `peer`: what talks to the plugin, by raw frames or as an agent does.
 * 3. `samples`: what is made of each resource type.
 * 4. `checks`: the checks, in `plugin` (of its processes) and `type` (of one
 *    resource type), each beside its description; `allChecks` assembles these.
 *
 * Above them are the steps of a run, which begins in `testPlugin`.
 */
export { allChecks, pluginChecks, typeChecks } from "./checks/allChecks.ts"
export type { CheckDescription } from "./report/CheckDescription.ts"
export type { CheckId, PluginCheckId, TypeCheckId } from "./report/CheckId.ts"
export { type ConformanceLimits, defaultLimits } from "./peer/ConformanceLimits.ts"
export { formatReport, formatResult } from "./report/formatReport.ts"
export type { CheckObserver } from "./report/Recorder.ts"
export { CheckResult, CheckStatus, ConformanceReport } from "./report/Report.ts"
export { findSamples, readSamples } from "./samples/readSamples.ts"
export { FailingSample, SampleChange } from "./samples/Failing.ts"
export { Sample, Samples, SamplesInvalid, SetupResource } from "./samples/Samples.ts"
export { PluginUnusable } from "./peer/PluginUnusable.ts"
export { testPlugin } from "./testPlugin.ts"
export type { TestPluginOptions } from "./TestPluginOptions.ts"
