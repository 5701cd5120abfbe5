import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { Recovery } from "../../../src/protocol/Recovery.ts"
import { Idempotency } from "../../../src/protocol/Resource.ts"
import {
  capabilities,
  dies,
  entryOf,
  loss,
  makeScripted,
  nativeId,
  reports,
  requestId,
  run,
  runScript,
  type Script,
  succeeds,
  workOf,
} from "./scripted.ts"

const recoverable = capabilities({ idempotency: "tag", recoverable: true })
const helpless = capabilities({ idempotency: "none" })

describe("an operation whose plugin is lost", () => {
  it.effect.each([1, 2, 9])("%s times is sent again under the same operation id, and lists its crashes", (times) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(5_000)
      const { entry, log, result } = yield* runScript({
        performs: [...Array.from({ length: times }, () => dies), succeeds],
      })
      const losses = Array.from({ length: times }, (_, index) => [
        `write: crash ${index + 1}`,
        "write: sent again",
        "send Create op-1",
      ])
      assert.deepEqual(log, [
        "write the intent",
        "send Create op-1",
        ...losses.flat(),
        "write: Succeeded",
        "put a thing-1",
      ])
      const crashes = Array.from({ length: times }, () => ({ at: 5_000, message: loss.message }))
      assert.deepInclude(result._tag === "Success" && result.success, { attempts: times + 1, crashes })
      assert.deepInclude(entry, { sent: times + 1, crashes })
    }),
  )

  it.effect("ten times is left for the next command", () =>
    Effect.gen(function* () {
      const { entry, log, result } = yield* runScript({ performs: Array.from({ length: 10 }, () => dies) })
      assert.lengthOf(
        log.filter((line) => line.startsWith("send")),
        10,
      )
      assert.strictEqual(log.at(-1), "write: InProgress, open")
      const failure = result._tag === "Failure" ? result.failure : undefined
      assert.deepInclude(failure, { code: "ConnectionLost", attempts: 10 })
      assert.include(failure?.message, "the plugin was lost 10 times while it ran: the plugin was killed")
      assert.lengthOf(entry.crashes, 10)
    }),
  )

  it.effect("after it has reported its request id is polled, and is not sent again", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* runScript({ performs: [reports({ requestId }, dies), dies, succeeds] })
      assert.deepEqual(log, [
        "write the intent",
        "send Create op-1",
        "write: request request-1, native id null",
        "write: crash 1",
        "send Status op-1 of request-1",
        "write: crash 2",
        "send Status op-1 of request-1",
        "write: Succeeded",
        "put a thing-1",
      ])
      assert.deepInclude(entry, { status: "Succeeded", sent: 1 })
    }),
  )
})

describe("an operation whose plugin is lost, and whose effect is the same each time", () => {
  it.effect.each(["Update", "Delete"] as const)("is sent again, whatever its type (%s)", (kind) =>
    Effect.gen(function* () {
      const entry = entryOf({ kind, nativeId })
      const { log } = yield* runScript({ performs: [dies, succeeds] }, workOf({ entry, capabilities: helpless }))
      assert.deepEqual(
        log.filter((line) => line.startsWith("send")),
        [`send ${kind} op-1`, `send ${kind} op-1`],
      )
    }),
  )

  it.effect("has succeeded if nothing is left to do when it is sent again", () => {
    const { layer, log } = makeScripted({ performs: [dies] })
    return Effect.gen(function* () {
      const work = workOf({ entry: entryOf({ kind: "Update", nativeId }) })
      let asked = 0
      const next = Effect.suspend(() =>
        asked++ === 0
          ? work.next
          : Effect.succeed({ status: "Succeeded", attempts: 0, nativeId, properties: { Name: "a" } } as const),
      )
      yield* run({ ...work, next })
      assert.deepEqual(log.slice(2), ["write: crash 1", "write: Succeeded", "put a thing-1"])
    }).pipe(Effect.provide(layer))
  })
})

describe("an operation whose plugin is lost, and which may have been done", () => {
  it.effect.each<readonly [Recovery["status"], Recovery, ReadonlyArray<string>]>([
    ["NotStarted", { status: "NotStarted" }, ["write: sent again", "send Create op-1"]],
    [
      "InProgress",
      { status: "InProgress", requestId },
      ["write: request request-1, native id null", "send Status op-1 of request-1"],
    ],
    ["Done", { status: "Done", nativeId, properties: { Name: "a" } }, []],
    ["Unknown", { status: "Unknown", message: "nobody answers" }, ["write: sent again", "send Create op-1"]],
  ])("is continued when the next launch answers %s", ([, answer, then]) =>
    Effect.gen(function* () {
      const script = { performs: [dies, succeeds], recovers: [Effect.succeed(answer)] }
      const { entry, log } = yield* runScript(script, workOf({ capabilities: recoverable }))
      assert.deepEqual(log.slice(2), ["write: crash 1", "ask for op-1", ...then, "write: Succeeded", "put a thing-1"])
      assert.deepInclude(entry, { status: "Succeeded", nativeId })
    }),
  )

  it.effect("is asked about again if the plugin is lost while it is asked", () =>
    Effect.gen(function* () {
      const script: Script = {
        performs: [dies, succeeds],
        recovers: [Effect.fail(loss), Effect.succeed({ status: "NotStarted" })],
      }
      const { entry, log } = yield* runScript(script, workOf({ capabilities: recoverable }))
      assert.deepEqual(log.slice(2, 6), ["write: crash 1", "ask for op-1", "write: crash 2", "ask for op-1"])
      assert.deepInclude(entry, { status: "Succeeded", sent: 2 })
    }),
  )

  it.effect.each(Idempotency.literals)(
    "needs a human only if it can be neither repeated nor recovered (%s)",
    (idempotency) =>
      Effect.gen(function* () {
        const script = { performs: [dies, succeeds] }
        const { entry, log, result } = yield* runScript(script, workOf({ capabilities: capabilities({ idempotency }) }))
        if (idempotency !== "none") {
          assert.deepInclude(entry, { status: "Succeeded", sent: 2 })
          return
        }
        assert.deepEqual(log.slice(2), ["write: crash 1", "write: NeedsAttention, open"])
        assert.deepInclude(entry, { status: "NeedsAttention", closed: false, sent: 1 })
        const failure = result._tag === "Failure" ? result.failure : undefined
        assert.deepInclude(failure, { code: "NeedsAttention", attempts: 1 })
        assert.include(failure?.message, "the plugin was killed")
        assert.match(failure?.message ?? "", /Look for it at the provider$/)
        const openOperation = { operationId: entryOf().operationId, kind: "Create", forma: "shop", label: "a" } as const
        assert.deepInclude(failure, { openOperation })
        assert.deepEqual(entry?.failure, { code: "NeedsAttention", message: failure?.message ?? "", openOperation })
      }),
  )

  it.effect("needs no human if it can be recovered, and the plugin only does not know yet", () =>
    Effect.gen(function* () {
      const script: Script = { performs: [dies], recovers: [Effect.succeed({ status: "Unknown", message: "not now" })] }
      const asked = capabilities({ idempotency: "none", recoverable: true })
      const { entry, log } = yield* runScript(script, workOf({ capabilities: asked }))
      assert.deepEqual(log.slice(2), ["write: crash 1", "ask for op-1", "write: InProgress, open"])
      assert.deepInclude(entry, { status: "InProgress", closed: false, sent: 1 })
    }),
  )

  it.effect("and which has reported its native id is in the inventory, and needs no human", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* runScript(
        { performs: [reports({ nativeId }, dies)] },
        workOf({ capabilities: helpless }),
      )
      assert.deepEqual(log.slice(-3), ["write: crash 1", "write: Failed", "put a thing-1"])
      assert.deepInclude(entry, { status: "Failed", closed: true, nativeId })
    }),
  )
})
