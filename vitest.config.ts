import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { LongestFirst } from "./test/LongestFirst.ts"
import { SkippedReporter } from "./test/SkippedReporter.ts"

/** Plugins import the package by its name; in this repository that is its source. */
const conditions = ["formae-source", "node", "import", "default"]
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
}

/** Node takes the types out of a source by itself: nothing is transformed for a test, and no worker asks the main process for a module. */
const byNode = { viteModuleRunner: false, nodeLoader: false }

/** What waits for processes leaves the processors to the others for half of its time. */
const maxWorkers = 3

/** Look at the heap, the timers and the listeners of a worker, which has to be their own. */
const measured = ["test/agent/supervision/leaks.test.ts", "test/process/leaks.test.ts"]

/** Read and parse all sources: none of them can be red because of what a function does. */
const ofSources = "test/architecture/**/*.test.ts"

/** Minutes of load, which only `npm run load` asks for. */
const underLoad = "test/process/load/**"

/** Minutes of measuring, which only `npm run survival -- --take-over` asks for. */
const measuredTakeOver = "test/process/cluster/takeOver.test.ts"

/** What is loaded or started from its source is compiled once. */
const startsQuickly = { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)) }

/**
 * Killed within its process, an agent shows nothing of a real disk, and there
 * are thousands of states: each waited for the disk longer than it ran.
 */
const memory = "/dev/shm"
const filesInMemory = existsSync(memory) ? { TMPDIR: memory } : {}

/** Emulators take any credentials; the SDK of AWS looks for some. */
const anyCredentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" }

export default defineConfig({
  test: {
    // At a terminal, each file as it ends; in a log, failures and the summary alone.
    reporters: [process.stdout.isTTY ? "default" : "minimal", new SkippedReporter()],
    // What a test logs is shown only if the test fails.
    silent: "passed-only",
    sequence: { sequencer: LongestFirst },
    // A worker that has loaded much writes down what it has compiled before it ends.
    teardownTimeout: 60_000,
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: ["test/process/**", "test/sdk/**", "test/survival/**", ofSources, ...measured],
          env: { ...startsQuickly, ...filesInMemory },
          testTimeout: 60_000,
          maxWorkers,
          experimental: byNode,
          // What a module keeps here is told apart by ids, so that one worker serves many files.
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          name: "architecture",
          include: [ofSources],
          testTimeout: 120_000,
          maxWorkers,
          experimental: byNode,
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          name: "survival",
          include: ["test/survival/**/*.test.ts"],
          env: { ...startsQuickly, ...filesInMemory },
          testTimeout: 120_000,
          maxWorkers,
          experimental: byNode,
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          name: "distributed",
          include: ["test/process/**/*.test.ts"],
          exclude: [
            ...measured,
            ...(process.env["FORMAE_LOAD_CLIENTS"] === undefined ? [underLoad] : []),
            ...(process.env["FORMAE_SURVIVAL"] === "whole" ? [] : [measuredTakeOver]),
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers,
          experimental: byNode,
          // What a file starts is a process or ends with its test, and no file sets anything in the environment.
          isolate: false,
          env: startsQuickly,
          globalSetup: "test/bundles/globalSetup.ts",
        },
      },
      {
        ...shared,
        test: {
          name: "distributed-alone",
          include: measured,
          testTimeout: 120_000,
          maxWorkers,
          experimental: byNode,
          isolate: true,
          env: startsQuickly,
          globalSetup: "test/bundles/globalSetup.ts",
        },
      },
      {
        ...shared,
        test: {
          name: "sdk",
          include: ["test/sdk/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers,
          experimental: byNode,
          // The SDKs and their emulators take longer to load than most of these tests take.
          isolate: false,
          env: { ...startsQuickly, ...anyCredentials },
          globalSetup: "test/bundles/globalSetup.ts",
        },
      },
    ],
  },
})
