/**
 * `formae/testing`: the conformance kit for plugins, and what the tests of a host
 * or of a plugin need to make processes crash, stall and start slowly, providers
 * refuse, and agents die, each at a place that they choose and under a test clock.
 */
export * from "./conformance/index.ts"
export { runConformance } from "./conformance/runConformance.ts"
export { type AroundCall, aroundCalls, type HandlerCall } from "./aroundCalls.ts"
export { afterCall, beforeCall, type CallFault, refuse, withFaults } from "./CallFault.ts"
export { type CallFilter, everyCall, firstCalls, nthCall, nthCallOfLaunch } from "./CallFilter.ts"
export { CallNumbers, type NumberedCall } from "./CallNumbers.ts"
export { crash, CurrentProcess, stall } from "./CurrentProcess.ts"
export {
  type FakeCount,
  type FakeEnd,
  type FakeExit,
  type FakeKill,
  type FakeNotice,
  type FakeProcess,
  type FakeSpawn,
} from "./FakeProcess.ts"
export { type FakeProgram, exitsAtOnce, ignoring, neverAnswers, serves, startingAfter } from "./FakeProgram.ts"
export { FakeSpawner } from "./FakeSpawner.ts"
export {
  type FakeLaunchOptions,
  type FakePlugin,
  fakePlugin,
  layerFakeLaunches,
  layerFakePlugins,
} from "./FakeLaunches.ts"
export { layerAgentWithSteps } from "./layerAgentWithSteps.ts"
export { layerTestStore, makeTestStore } from "./TestStore.ts"
export { makeReaper, type Reaper, type Victim } from "./Reaper.ts"
export { withPassingTime } from "./withPassingTime.ts"
