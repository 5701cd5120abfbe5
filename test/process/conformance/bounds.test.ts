/** A run ends, whatever the plugin does, and does not pass if nothing was looked at. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { fileURLToPath } from "node:url"
import { HostEnvironment } from "../../../src/agent/index.ts"
import {
  formatReport,
  readSamples,
  testPlugin,
  type TestPluginOptions,
} from "../../../src/testing/conformance/index.ts"

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/plugins/${name}`, import.meta.url))
const directory = fixture("wrong")

const run = (options: TestPluginOptions, fault = "none") =>
  testPlugin(options).pipe(
    Effect.provideService(HostEnvironment, { ...process.env, WRONG_FAULT: fault }),
    Effect.provide(NodeServices.layer),
  )

describe("a run", () => {
  it.live("fails if the agent cannot start the plugin, although it answers", () =>
    Effect.gen(function* () {
      const report = yield* run({ directory, checks: ["frames.ids"] }, "answers with ids as texts")
      assert.strictEqual(report.status, "failed")
      const started = report.checks.find(({ id }) => id === "run.started")
      assert.strictEqual(started?.status, "failed", formatReport(report))
      assert.isNotEmpty(started?.seen)
    }),
  )

  it.live("fails if no type could be tested, and says which have no sample", () =>
    Effect.gen(function* () {
      const report = yield* run({ directory, samples: { samples: [] }, checks: ["handshake.types"] })
      assert.strictEqual(report.status, "failed")
      const tested = report.checks.find(({ id }) => id === "run.tested")
      assert.deepInclude(tested, { status: "failed", seen: "none of Wrong::Disk::Thing" }, formatReport(report))
    }),
  )

  it.live("ends when its time is over, says so, and deletes what it has made", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const store = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
      let isMade = false
      const report = yield* run({
        directory,
        target: { store },
        limits: { runMillis: 3_000 },
        // No other check is in its way.
        checks: ["type.create"],
        // It goes no further than this, so that its time is over whatever the machine does.
        observe: ({ id }) => {
          if (id !== "type.create") return Effect.void
          isMade = true
          return Effect.never
        },
      })
      assert.isTrue(isMade)
      assert.strictEqual(report.status, "failed")
      const completed = report.checks.find(({ id }) => id === "run.completed")
      assert.deepInclude(completed, { status: "failed", expected: "the end of all checks within 3000 ms" })
      assert.deepEqual(report.leftBehind, [])
      assert.deepEqual(yield* fs.readDirectory(store), [])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("gives up a check that takes too long, and goes on", () =>
    Effect.gen(function* () {
      const limits = { checkMillis: 300, answerMillis: 60_000 }
      const report = yield* run(
        { directory, limits, checks: ["calls.sameOperation"] },
        "carries out the same operation twice at once",
      )
      const check = report.checks.find(({ id }) => id === "calls.sameOperation")
      assert.deepInclude(check, { status: "failed", expected: "an answer to the whole check within 300 ms" })
      assert.strictEqual(report.checks.find(({ id }) => id === "run.completed")?.status, "passed", formatReport(report))
    }),
  )

  it.live("says what of the set-up takes too long", () =>
    Effect.gen(function* () {
      const samples = yield* readSamples(
        `
target: { store: "{{folder}}/things", region: here }
setup: [{ label: it, type: "Wrong::Disk::Thing", properties: { Name: a-thing, Size: 999, Pin: "1234" } }]
samples: [{ type: "Wrong::Disk::Thing", properties: { Name: "{{unique}}", Size: 1, Pin: { $ref: it.Name } } }]
`,
        "samples.yaml",
      )
      const { message } = yield* Effect.flip(run({ directory, samples, limits: { setUpMillis: 500 } }))
      assert.strictEqual(message, "setup: the resources were not made within 500 ms")
    }),
  )

  it.live("does not blame a plugin for a create of `slow` that ends at once", () =>
    Effect.gen(function* () {
      const samples = yield* readSamples(
        `
target: { store: "{{folder}}/things", region: here }
samples: [{ type: "Wrong::Disk::Thing", properties: { Name: "{{unique}}", Size: 1, Pin: "1234" }, slow: {} }]
`,
        "samples.yaml",
      )
      const report = yield* run({ directory, samples })
      assert.strictEqual(report.status, "passed", formatReport(report))
      assert.deepEqual(report.leftBehind, [])
    }),
  )
})
