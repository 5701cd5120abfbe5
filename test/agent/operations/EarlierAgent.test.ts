import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { changeErrorOf } from "../../../src/agent/operations/ChangeFailed.ts"
import { OperationRunner } from "../../../src/agent/operations/OperationRunner.ts"
import type { Work } from "../../../src/agent/operations/Work.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import {
  capabilities,
  dies,
  entryOf,
  journaled,
  makeScripted,
  nativeId,
  requestId,
  type Script,
  succeeds,
  workOf,
  operationId,
} from "./scripted.ts"

/** Takes up an operation that the journal has from an earlier agent. */
const takeUp = (work: Work) =>
  Effect.gen(function* () {
    yield* Effect.flatMap(OperationJournal, (journal) => journal.recordIntent(work.entry))
    const runner = yield* OperationRunner
    return yield* runner.takeUp(work)
  })

const recoverable = capabilities({ idempotency: "tag", recoverable: true })
const helpless = capabilities({ idempotency: "none" })

describe("an operation that an earlier agent has left", () => {
  const taken = (script: Script, work: Work) => {
    const { layer, log } = makeScripted(script)
    return Effect.gen(function* () {
      const result = yield* Effect.result(takeUp(work))
      return { result, entry: yield* journaled, log: log.slice(1) }
    }).pipe(Effect.provide(layer))
  }

  it.effect("is polled by its request id", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* taken({ performs: [succeeds] }, workOf({ entry: entryOf({ requestId }) }))
      assert.deepEqual(log, ["send Status op-1 of request-1", "write: Succeeded", "put a thing-1"])
      assert.deepInclude(entry, { status: "Succeeded", closed: true })
    }),
  )

  it.effect("is sent again if it may have been done, and doing it again is harmless", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* taken({ performs: [succeeds] }, workOf())
      assert.deepEqual(log, ["write: sent again", "send Create op-1", "write: Succeeded", "put a thing-1"])
      assert.deepInclude(entry, { sent: 2 })
    }),
  )

  it.effect("is given up if it has certainly made nothing", () =>
    Effect.gen(function* () {
      const created = workOf({ capabilities: recoverable })
      const updated = workOf({ entry: entryOf({ kind: "Update", nativeId }) })
      const deleted = workOf({ entry: entryOf({ kind: "Delete", nativeId }), capabilities: undefined })
      for (const work of [created, updated, deleted]) {
        const { entry, log, result } = yield* taken({ recovers: [Effect.succeed({ status: "NotStarted" })] }, work)
        assert.deepEqual(result._tag === "Success" && result.success, undefined)
        assert.deepEqual(
          log.filter((line) => line.startsWith("send")),
          [],
        )
        assert.deepInclude(entry, { status: "Canceled", closed: true })
      }
    }),
  )

  it.effect("needs a human if it can be neither repeated nor recovered, and says that formae was cut off", () =>
    Effect.gen(function* () {
      const { entry, result } = yield* taken({}, workOf({ capabilities: helpless }))
      assert.deepInclude(entry, { status: "NeedsAttention", closed: false })
      assert.include(result._tag === "Failure" && result.failure.message, "formae was cut off while it ran")
    }),
  )

  it.effect("needs a human with the same failure as before, whatever an earlier version has put into it", () =>
    Effect.gen(function* () {
      const openOperation = { operationId, kind: "Create", forma: "shop", label: "a" } as const
      const advice = { code: "NeedsAttention", message: `it is not known; "run this"` }
      for (const failure of [advice, { ...advice, openOperation }]) {
        const entry = entryOf({ status: "NeedsAttention", failure })
        const ended = yield* taken({}, workOf({ entry, capabilities: helpless }))
        const failed = ended.result._tag === "Failure" ? ended.result.failure : undefined
        assert.deepEqual(failed?._tag === "ChangeFailed" && changeErrorOf(failed), failure)
        assert.deepEqual(ended.entry.failure, failure)
      }
    }),
  )

  it.effect("keeps its earlier crashes, and does not count them again", () =>
    Effect.gen(function* () {
      const crashes = Array.from({ length: 9 }, (_, at) => ({ at, message: "earlier" }))
      const { entry } = yield* taken({ performs: [dies, dies, succeeds] }, workOf({ entry: entryOf({ crashes }) }))
      assert.deepInclude(entry, { status: "Succeeded" })
      assert.lengthOf(entry.crashes, 11)
    }),
  )
})
