import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { SqlError, UnknownError } from "effect/sql/SqlError"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { PluginDown } from "../../../src/agent/supervision/PluginUnavailable.ts"
import { ConnectionLost, OperationNotSupported } from "../../../src/protocol/OperatorError.ts"
import {
  breaks,
  capabilities,
  dies,
  entryOf,
  fails,
  journaled,
  makeScripted,
  nativeId,
  reports,
  requestId,
  run,
  runScript,
  succeeds,
  workOf,
} from "./scripted.ts"

const down = new PluginDown({ plugin: "suite", waitedMillis: 60_000, reason: "was killed" })
const helpless = capabilities({ idempotency: "none" })
const inventoryOf = Effect.flatMap(Inventory, (inventory) => inventory.list())

describe("an operation", () => {
  it.effect("is recorded before it is sent, and its end together with the change to the inventory", () =>
    Effect.gen(function* () {
      const { entry, log, result } = yield* runScript({ performs: [succeeds] })
      assert.deepEqual(log, ["write the intent", "send Create op-1", "write: Succeeded", "put a thing-1"])
      assert.strictEqual(result._tag, "Success")
      assert.deepInclude(entry, { status: "Succeeded", closed: true, nativeId, sent: 1, crashes: [] })
    }),
  )

  it.effect("keeps its entry if its end cannot be recorded together with the change to the inventory", () => {
    const diskFull = new SqlError({ reason: new UnknownError({ cause: "disk is full", operation: "execute" }) })
    const { layer, log } = makeScripted({ performs: [succeeds] }, { put: () => Effect.fail(diskFull) })
    return Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(run(workOf())))._tag, "SqlError")
      assert.deepEqual(log.slice(-2), ["write: Succeeded", "put a thing-1"])
      assert.deepInclude(yield* journaled, { status: "InProgress", closed: false, nativeId: null })
      assert.deepEqual(yield* inventoryOf, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is recorded with each progress that reports something new, before anyone observes it", () => {
    const observed: Array<string> = []
    const { layer, log } = makeScripted({
      performs: [
        reports({}, reports({ requestId }, reports({ requestId, nativeId }, reports({ nativeId }, succeeds)))),
      ],
    })
    return Effect.gen(function* () {
      yield* run(workOf({ observe: () => Effect.sync(() => void observed.push(log.at(-1) ?? "")) }))
      assert.deepEqual(log, [
        "write the intent",
        "send Create op-1",
        "write: request request-1, native id null",
        "write: request request-1, native id thing-1",
        // The resource exists, so it is in the inventory from now on.
        "put a thing-1",
        "write: Succeeded",
        "put a thing-1",
      ])
      assert.deepEqual(observed, [
        "send Create op-1",
        "write: request request-1, native id null",
        "put a thing-1",
        "put a thing-1",
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("that is a delete removes its resource from the inventory", () =>
    Effect.gen(function* () {
      const { log } = yield* runScript(
        { performs: [succeeds] },
        workOf({ entry: entryOf({ kind: "Delete", nativeId }), capabilities: undefined }),
      )
      assert.deepEqual(log, ["write the intent", "send Delete op-1", "write: Succeeded", "remove a"])
    }),
  )

  it.effect.each(["AccessDenied", "Throttling", "NotFound"] as const)(
    "that certainly fails is recorded as failed (%s)",
    (code) =>
      Effect.gen(function* () {
        const { entry, log, result } = yield* runScript({ performs: [fails(code)] })
        assert.deepEqual(log, ["write the intent", "send Create op-1", "write: Failed"])
        assert.deepInclude(result._tag === "Failure" && result.failure, { code, message: "it went wrong", attempts: 1 })
        assert.deepInclude(entry, { status: "Failed", closed: true, failure: { code, message: "it went wrong" } })
      }),
  )

  it.effect("that fails with a partly created resource has it in the inventory", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* runScript({ performs: [fails("ServiceTimeout", { nativeId })] })
      assert.deepEqual(log.slice(2), [
        "write: request null, native id thing-1",
        "put a thing-1",
        "write: Failed",
        "put a thing-1",
      ])
      assert.deepInclude(entry, { status: "Failed", closed: true, nativeId })
    }),
  )
})

describe("a plugin that is unavailable", () => {
  it.effect("before the operation was sent leaves nothing behind", () => {
    const { layer, log } = makeScripted({ missing: { 0: down } })
    return Effect.gen(function* () {
      const error = yield* Effect.flip(run(workOf()))
      assert.deepInclude(error, { code: "PluginDown", message: down.message, attempts: 0 })
      assert.deepEqual(log, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("after the operation was sent leaves it to the next command", () =>
    Effect.gen(function* () {
      const { entry, log, result } = yield* runScript({ performs: [dies], missing: { 1: down } })
      assert.deepEqual(log.slice(2), ["write: crash 1", "write: InProgress, open"])
      assert.deepInclude(entry, { status: "InProgress", closed: false, sent: 1 })
      assert.include(result._tag === "Failure" && result.failure.message, "The next command will check again")
    }),
  )

  it.effect("when the operation is sent lets it certainly fail", () =>
    Effect.gen(function* () {
      const unsent = new ConnectionLost({ message: "there is no launch", sent: false })
      const { entry, log } = yield* runScript({ performs: [breaks(unsent)] })
      assert.deepEqual(log.slice(2), ["write: Failed"])
      assert.deepEqual(entry.crashes, [])
    }),
  )
})

describe("an operation that its plugin does not support", () => {
  it.effect("has certainly failed", () =>
    Effect.gen(function* () {
      const unsupported = new OperationNotSupported({ operation: "Create", message: "there are no things" })
      const { entry } = yield* runScript({ performs: [breaks(unsupported)] }, workOf({ capabilities: helpless }))
      assert.deepInclude(entry, { status: "Failed", closed: true })
      assert.deepEqual(entry.failure, { code: "OperationNotSupported", message: "there are no things" })
    }),
  )
})
