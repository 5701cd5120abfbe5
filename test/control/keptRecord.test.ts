import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Agent } from "../../src/agent/Agent.ts"
import { PluginStartFailed } from "../../src/agent/launch/PluginStartFailed.ts"
import * as Store from "../../src/agent/store/Store.ts"
import type { ApiRecord } from "../../src/control/api/ApiCommand.ts"
import { errorOfFailure, failureOfError } from "../../src/control/mapping/errors.ts"
import { recordToKeep } from "../../src/control/server/keptRecord.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import { makeSocketFolder } from "./remoteAgent.ts"

const canary = "canary-51c0"

const failed = new PluginStartFailed({
  plugin: "notes",
  generation: 1,
  entry: "main.mjs",
  cause: { _tag: "Exited", code: 7 },
  output: [canary, `${canary}. It printed:`],
})
const failure = failureOfError(failed)
const record: ApiRecord = {
  schemaVersion: 1,
  key: "key-number-1",
  command: "apply",
  status: "refused",
  revision: 2,
  commandIds: [],
  askedBy: "somebody",
  askedAt: 1,
  error: failure,
  result: {
    schemaVersion: 1,
    command: "apply",
    status: "failed",
    notes: [],
    error: failure,
    resources: [
      {
        label: "a",
        type: "Notes::Note",
        operation: "create",
        status: "failed",
        nativeId: null,
        attempts: 1,
        crashes: [],
        durationMillis: 1,
        error: { code: failed._tag, message: failed.message, plugin: "notes" },
        changed: [],
      },
    ],
  },
}

describe("P11: what a plugin has printed", () => {
  it("is not kept in the record of a command, and why it did not start is", () => {
    assert.include(JSON.stringify(record), canary)
    const kept = recordToKeep(record)
    assert.notInclude(JSON.stringify(kept), canary)
    for (const error of [kept.error, kept.result?.error, kept.result?.resources[0]?.error]) {
      assert.include(error?.message, "The plugin notes did not start (main.mjs): it exited with code 7")
    }
    // It is the same error, for a program.
    const read = Option.getOrUndefined(Option.flatMap(Option.fromUndefinedOr(kept.error), errorOfFailure))
    assert.deepInclude(read, { _tag: "PluginStartFailed", plugin: "notes", output: [] })
  })

  it.effect("is not kept in the state by the keys of requests", () =>
    Effect.gen(function* () {
      const folder = yield* makeSocketFolder
      const file = join(folder, "state.db")
      const layer = RequestKeys.layer.pipe(
        Layer.provide(Agent.layerRecords),
        Layer.provide(Store.layerFile(file)),
        Layer.provide(NodeServices.layer),
      )
      const found = yield* Effect.gen(function* () {
        const keys = yield* RequestKeys
        const { askedAt, askedBy, command, key } = record
        const body = { command: "resume" } as const
        yield* keys.keep({ askedAt, askedBy, command, key, commandId: "c-1" }, body)
        yield* keys.end(record)
        return yield* keys.find(key)
      }).pipe(Effect.provide(layer))
      assert.deepEqual(found?.record, recordToKeep(record))
      const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"))
      assert.notInclude(bytes.join(""), canary)
    }),
  )

  it("leaves every other record as it is", () => {
    const { error: _error, ...succeeded } = record
    const other = {
      ...succeeded,
      result: { ...record.result, error: undefined, resources: [] },
    } as unknown as ApiRecord
    assert.deepEqual(JSON.parse(JSON.stringify(recordToKeep(other))), JSON.parse(JSON.stringify(other)))
  })
})
