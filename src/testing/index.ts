/** `formae/testing`: fakes for whoever tests a plugin, or a program that runs plugins. */
export { type FakeEnd, type FakeNotice, type FakeProcess, type FakeProgram, type FakeSpawn } from "./FakeProcess.ts"
export { exitsAtOnce, ignoring, neverAnswers, serves } from "./FakeProgram.ts"
export { FakeSpawner } from "./FakeSpawner.ts"
export { type FakeLaunchOptions, type FakePlugin, layerFakeLaunches, layerFakePlugins } from "./FakeLaunches.ts"
