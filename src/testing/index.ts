/** `formae/testing`: the conformance kit for plugins, and fakes for the tests of a program that runs plugins. */
export * from "./conformance/index.ts"
export { runConformance } from "./conformance/runConformance.ts"
export { crash, CurrentProcess, stall } from "./CurrentProcess.ts"
export { type FakeCount, type FakeEnd, type FakeNotice, type FakeProcess, type FakeSpawn } from "./FakeProcess.ts"
export { type FakeProgram, exitsAtOnce, ignoring, neverAnswers, serves } from "./FakeProgram.ts"
export { FakeSpawner } from "./FakeSpawner.ts"
export { type FakeLaunchOptions, type FakePlugin, layerFakeLaunches, layerFakePlugins } from "./FakeLaunches.ts"
