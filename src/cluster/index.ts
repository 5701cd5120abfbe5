/** Several agents as one: each is a runner of a cluster, over one state. Loaded only where it is used. */
export { type JoinOptions, layerRunner } from "./layerRunner.ts"
export { runnerName } from "./runnerNames.ts"
export { layerRunnerLog } from "./runnerLog.ts"
export { makeRunnerShares } from "./rates/RunnerShares.ts"
export { objectionToSockets, type RunnerTls, whyNotListening } from "./RunnerSockets.ts"
export { defaultTimes, fastTimes, type RunnerTimes } from "./RunnerTimes.ts"
export { type ClusterReport, readClusterReport } from "./ClusterReport.ts"
