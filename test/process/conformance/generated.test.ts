import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { fileURLToPath } from "node:url"
import { formatReport, testPlugin } from "../../../src/testing/conformance/index.ts"

const directory = fileURLToPath(new URL("../../fixtures/plugins/wrong", import.meta.url))

it.live("a sample is made from the schema if there is none, and is marked", () =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const store = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
    const options = { directory, samples: { samples: [] }, target: { store } }
    const without = yield* testPlugin(options)
    assert.deepEqual(without.types, [{ type: "Wrong::Disk::Thing", sample: "none" }])
    assert.isFalse(without.checks.some(({ type }) => type !== null))

    const report = yield* testPlugin({ ...options, generate: true })
    assert.deepEqual(report.types, [{ type: "Wrong::Disk::Thing", sample: "generated" }])
    const passed = report.checks.filter(({ status }) => status === "passed").map(({ id }) => id)
    assert.includeMembers(passed, ["type.create", "type.readBack", "type.noChange", "type.delete", "type.killed"])
    assert.strictEqual(report.status, "passed", formatReport(report))
    assert.deepEqual(yield* fs.readDirectory(store), [])
  }).pipe(Effect.provide(NodeServices.layer)),
)
