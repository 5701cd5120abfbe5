import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { SqlError, UnknownError } from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import { OperationRunner } from "../../../src/agent/operations/OperationRunner.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import type { Work } from "../../../src/agent/operations/Work.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import type { JournalStatus } from "../../../src/agent/records/JournalEntry.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { PluginDown } from "../../../src/agent/supervision/PluginUnavailable.ts"
import {
  ConnectionLost,
  OperationNotSupported,
  type OperatorError,
  OperationTimedOut,
  ProtocolError,
} from "../../../src/protocol/OperatorError.ts"
import type { Recovery } from "../../../src/protocol/Recovery.ts"
import { Idempotency } from "../../../src/protocol/Resource.ts"
import {
  breaks,
  capabilities,
  dies,
  entryOf,
  fails,
  loss,
  makeScripted,
  nativeId,
  type Performance,
  reports,
  requestId,
  type Script,
  succeeds,
  workOf,
  written,
} from "./scripted.ts"

const run = (work: Work) => Effect.flatMap(OperationRunner, (runner) => runner.run(work))
/** Takes up what the journal has of an earlier agent. */
const takeUp = (work: Work) =>
  Effect.gen(function* () {
    yield* Effect.flatMap(OperationJournal, (journal) => journal.recordIntent(work.entry))
    const runner = yield* OperationRunner
    return yield* runner.takeUp(work)
  })

const down = new PluginDown({ plugin: "suite", waitedMillis: 60_000, reason: "was killed" })
const recoverable = capabilities({ idempotency: "tag", recoverable: true })
const helpless = capabilities({ idempotency: "none" })
const inventoryOf = Effect.flatMap(Inventory, (inventory) => inventory.list())

/** What the runner sends and writes, with how it ends. */
const follow = (script: Script, work: Work = workOf()) => {
  const { layer, log } = makeScripted(script)
  return run(work).pipe(
    Effect.result,
    Effect.flatMap((result) => Effect.map(written, (entry) => ({ result, entry, log }))),
    Effect.provide(layer),
  )
}

describe("an operation", () => {
  it.effect("is written before it is sent, and its end together with what it changes", () =>
    Effect.gen(function* () {
      const { entry, log, result } = yield* follow({ performs: [succeeds] })
      assert.deepEqual(log, ["write the intent", "send Create op-1", "write: Succeeded", "put a thing-1"])
      assert.strictEqual(result._tag, "Success")
      assert.deepInclude(entry, { status: "Succeeded", settled: true, nativeId, sent: 1, crashes: [] })
    }),
  )

  it.effect("is as it was where its end can not be written with what it changes", () => {
    const diskFull = new SqlError({ reason: new UnknownError({ cause: "disk is full", operation: "execute" }) })
    const { layer, log } = makeScripted({ performs: [succeeds] }, { put: () => Effect.fail(diskFull) })
    return Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(run(workOf())))._tag, "SqlError")
      assert.deepEqual(log.slice(-2), ["write: Succeeded", "put a thing-1"])
      assert.deepInclude(yield* written, { status: "InProgress", settled: false, nativeId: null })
      assert.deepEqual(yield* inventoryOf, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is written with each progress that tells something new, before that is told to anyone", () => {
    const told: Array<string> = []
    const { layer, log } = makeScripted({
      performs: [
        reports({}, reports({ requestId }, reports({ requestId, nativeId }, reports({ nativeId }, succeeds)))),
      ],
    })
    return Effect.gen(function* () {
      yield* run(workOf({ observe: () => Effect.sync(() => void told.push(log.at(-1) ?? "")) }))
      assert.deepEqual(log, [
        "write the intent",
        "send Create op-1",
        "write: request request-1, native id null",
        "write: request request-1, native id thing-1",
        // What exists is in the inventory from now on.
        "put a thing-1",
        "write: Succeeded",
        "put a thing-1",
      ])
      assert.deepEqual(told, [
        "send Create op-1",
        "write: request request-1, native id null",
        "put a thing-1",
        "put a thing-1",
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("that is a delete takes its resource out of the inventory", () =>
    Effect.gen(function* () {
      const { log } = yield* follow(
        { performs: [succeeds] },
        workOf({ entry: entryOf({ kind: "Delete", nativeId }), capabilities: undefined }),
      )
      assert.deepEqual(log, ["write the intent", "send Delete op-1", "write: Succeeded", "remove a"])
    }),
  )

  it.effect.each(["AccessDenied", "Throttling", "NotFound"] as const)(
    "that fails for certain has failed (%s)",
    (code) =>
      Effect.gen(function* () {
        const { entry, log, result } = yield* follow({ performs: [fails(code)] })
        assert.deepEqual(log, ["write the intent", "send Create op-1", "write: Failed"])
        assert.deepInclude(result._tag === "Failure" && result.failure, { code, message: "it went wrong", attempts: 1 })
        assert.deepInclude(entry, { status: "Failed", settled: true, failure: { code, message: "it went wrong" } })
      }),
  )

  it.effect("that fails with something made in part has it in the inventory", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* follow({ performs: [fails("ServiceTimeout", { nativeId })] })
      assert.deepEqual(log.slice(2), [
        "write: request null, native id thing-1",
        "put a thing-1",
        "write: Failed",
        "put a thing-1",
      ])
      assert.deepInclude(entry, { status: "Failed", settled: true, nativeId })
    }),
  )
})

describe("an operation whose plugin is lost", () => {
  it.effect.each([1, 2, 9])("%s times is sent again under the same operation id, and lists its crashes", (times) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(5_000)
      const { entry, log, result } = yield* follow({
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
      const { entry, log, result } = yield* follow({ performs: Array.from({ length: 10 }, () => dies) })
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

  it.effect("after its request id was told is asked for, and is not sent again", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* follow({ performs: [reports({ requestId }, dies), dies, succeeds] })
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

  it.effect.each(["Update", "Delete"] as const)("and that is no create (%s) is sent again, whatever its type", (kind) =>
    Effect.gen(function* () {
      const entry = entryOf({ kind, nativeId })
      const { log } = yield* follow({ performs: [dies, succeeds] }, workOf({ entry, capabilities: helpless }))
      assert.deepEqual(
        log.filter((line) => line.startsWith("send")),
        [`send ${kind} op-1`, `send ${kind} op-1`],
      )
    }),
  )

  it.effect("and whose new sending has nothing left to do has succeeded", () => {
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

  it.effect.each<readonly [Recovery["status"], Recovery, ReadonlyArray<string>]>([
    ["NotStarted", { status: "NotStarted" }, ["write: sent again", "send Create op-1"]],
    [
      "InProgress",
      { status: "InProgress", requestId },
      ["write: request request-1, native id null", "send Status op-1 of request-1"],
    ],
    ["Done", { status: "Done", nativeId, properties: { Name: "a" } }, []],
    ["Unknown", { status: "Unknown", message: "nobody answers" }, ["write: sent again", "send Create op-1"]],
  ])("and of which the next one says %s is gone on with", ([, said, then]) =>
    Effect.gen(function* () {
      const script = { performs: [dies, succeeds], recovers: [Effect.succeed(said)] }
      const { entry, log } = yield* follow(script, workOf({ capabilities: recoverable }))
      assert.deepEqual(log.slice(2), ["write: crash 1", "ask for op-1", ...then, "write: Succeeded", "put a thing-1"])
      assert.deepInclude(entry, { status: "Succeeded", nativeId })
    }),
  )

  it.effect("while it is asked is asked again", () =>
    Effect.gen(function* () {
      const script: Script = {
        performs: [dies, succeeds],
        recovers: [Effect.fail(loss), Effect.succeed({ status: "NotStarted" })],
      }
      const { entry, log } = yield* follow(script, workOf({ capabilities: recoverable }))
      assert.deepEqual(log.slice(2, 6), ["write: crash 1", "ask for op-1", "write: crash 2", "ask for op-1"])
      assert.deepInclude(entry, { status: "Succeeded", sent: 2 })
    }),
  )

  it.effect.each(Idempotency.literals)(
    "needs a human only where a create can not be repeated, and not be asked for (%s)",
    (idempotency) =>
      Effect.gen(function* () {
        const script = { performs: [dies, succeeds] }
        const { entry, log, result } = yield* follow(script, workOf({ capabilities: capabilities({ idempotency }) }))
        if (idempotency !== "none") {
          assert.deepInclude(entry, { status: "Succeeded", sent: 2 })
          return
        }
        assert.deepEqual(log.slice(2), ["write: crash 1", "write: NeedsAttention, open"])
        assert.deepInclude(entry, { status: "NeedsAttention", settled: false, sent: 1 })
        const failure = result._tag === "Failure" ? result.failure : undefined
        assert.deepInclude(failure, { code: "NeedsAttention", attempts: 1 })
        for (const part of [
          "the plugin was killed",
          '"formae adopt a NATIVE_ID --forma shop"',
          '"formae forget a --forma shop"',
        ]) {
          assert.include(failure?.message, part)
        }
      }),
  )

  it.effect("needs no human where it can be asked for, and is only not known now", () =>
    Effect.gen(function* () {
      const script: Script = { performs: [dies], recovers: [Effect.succeed({ status: "Unknown", message: "not now" })] }
      const asked = capabilities({ idempotency: "none", recoverable: true })
      const { entry, log } = yield* follow(script, workOf({ capabilities: asked }))
      assert.deepEqual(log.slice(2), ["write: crash 1", "ask for op-1", "write: InProgress, open"])
      assert.deepInclude(entry, { status: "InProgress", settled: false, sent: 1 })
    }),
  )

  it.effect("and that told its native id is in the inventory, and needs no human", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* follow(
        { performs: [reports({ nativeId }, dies)] },
        workOf({ capabilities: helpless }),
      )
      assert.deepEqual(log.slice(-3), ["write: crash 1", "write: Failed", "put a thing-1"])
      assert.deepInclude(entry, { status: "Failed", settled: true, nativeId })
    }),
  )
})

describe("a plugin that is not there", () => {
  it.effect("before anything was sent leaves nothing behind", () => {
    const { layer, log } = makeScripted({ missing: { 0: down } })
    return Effect.gen(function* () {
      const error = yield* Effect.flip(run(workOf()))
      assert.deepInclude(error, { code: "PluginDown", message: down.message, attempts: 0 })
      assert.deepEqual(log, [])
    }).pipe(Effect.provide(layer))
  })

  it.effect("after it was sent leaves it to the next command", () =>
    Effect.gen(function* () {
      const { entry, log, result } = yield* follow({ performs: [dies], missing: { 1: down } })
      assert.deepEqual(log.slice(2), ["write: crash 1", "write: InProgress, open"])
      assert.deepInclude(entry, { status: "InProgress", settled: false, sent: 1 })
      assert.include(result._tag === "Failure" && result.failure.message, "is asked for again by the next command")
    }),
  )

  it.effect("and so has not been sent anything, has failed for certain", () =>
    Effect.gen(function* () {
      const unsent = new ConnectionLost({ message: "there is no launch", sent: false })
      const { entry, log } = yield* follow({ performs: [breaks(unsent)] })
      assert.deepEqual(log.slice(2), ["write: Failed"])
      assert.deepEqual(entry.crashes, [])
    }),
  )
})

const wayThere: ReadonlyArray<OperatorError> = [
  new ProtocolError({ message: "that is no answer" }),
  new OperationTimedOut({ message: "it took too long" }),
]
const doubts: ReadonlyArray<readonly [string, Performance]> = [
  ...wayThere.map((error) => [error._tag, breaks(error)] as const),
  ...(["ServiceInternalError", "ServiceTimeout", "NetworkFailure", "InternalFailure", "UnforeseenError"] as const).map(
    (code) => [code, fails(code)] as const,
  ),
]

describe.each(doubts)("a create after which nobody knows (%s)", (code, performance) => {
  it.effect("is asked for, where that can be, and what is said counts", () =>
    Effect.gen(function* () {
      const endings: ReadonlyArray<readonly [Recovery, JournalStatus]> = [
        [{ status: "Done", nativeId, properties: {} }, "Succeeded"],
        [{ status: "InProgress", requestId }, "Succeeded"],
        [{ status: "NotStarted" }, "Failed"],
        [{ status: "Unknown", message: "nobody answers" }, "InProgress"],
      ]
      for (const [said, status] of endings) {
        const script = { performs: [performance, succeeds], recovers: [Effect.succeed(said)] }
        const { entry, log } = yield* follow(script, workOf({ capabilities: recoverable }))
        assert.deepInclude(entry, { status, settled: status !== "InProgress" }, said.status)
        // Never sent again: what it has done may be there already.
        assert.deepEqual(
          log.filter((line) => line.startsWith("send Create")),
          ["send Create op-1"],
        )
      }
    }),
  )

  it.effect.each(Idempotency.literals)(
    "is left open where it can not be asked for, to a human if it is of the class none (%s)",
    (idempotency) =>
      Effect.gen(function* () {
        const { entry, result } = yield* follow(
          { performs: [performance] },
          workOf({ capabilities: capabilities({ idempotency }) }),
        )
        const needsHuman = idempotency === "none"
        assert.deepInclude(entry, { status: needsHuman ? "NeedsAttention" : "InProgress", settled: false })
        assert.strictEqual(
          result._tag === "Failure" && result.failure._tag === "ChangeFailed" && result.failure.code,
          needsHuman ? "NeedsAttention" : code,
        )
      }),
  )

  it.effect.each(["Update", "Delete"] as const)(
    "where it is an %s is settled: the next plan sees what there is",
    (kind) =>
      Effect.gen(function* () {
        const { entry } = yield* follow({ performs: [performance] }, workOf({ entry: entryOf({ kind, nativeId }) }))
        assert.deepInclude(entry, { status: "Canceled", settled: true })
      }),
  )

  it.effect("is left open where the provider has accepted it, whatever its kind", () =>
    Effect.gen(function* () {
      for (const kind of ["Create", "Update", "Delete"] as const) {
        const entry = entryOf(kind === "Create" ? {} : { kind, nativeId })
        const left = yield* follow({ performs: [reports({ requestId }, performance)] }, workOf({ entry }))
        assert.deepInclude(left.entry, { status: "InProgress", settled: false, requestId }, kind)
      }
    }),
  )
})

describe("an operation that its plugin does not support", () => {
  it.effect("has failed for certain", () =>
    Effect.gen(function* () {
      const unsupported = new OperationNotSupported({ operation: "Create", message: "there are no things" })
      const { entry } = yield* follow({ performs: [breaks(unsupported)] }, workOf({ capabilities: helpless }))
      assert.deepInclude(entry, { status: "Failed", settled: true })
      assert.deepEqual(entry.failure, { code: "OperationNotSupported", message: "there are no things" })
    }),
  )
})

describe("an operation that an earlier agent has left", () => {
  const taken = (script: Script, work: Work) => {
    const { layer, log } = makeScripted(script)
    return Effect.gen(function* () {
      const result = yield* Effect.result(takeUp(work))
      return { result, entry: yield* written, log: log.slice(1) }
    }).pipe(Effect.provide(layer))
  }

  it.effect("is asked for by its request id", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* taken({ performs: [succeeds] }, workOf({ entry: entryOf({ requestId }) }))
      assert.deepEqual(log, ["send Status op-1 of request-1", "write: Succeeded", "put a thing-1"])
      assert.deepInclude(entry, { status: "Succeeded", settled: true })
    }),
  )

  it.effect("is sent again where it may have been done, and doing it again is harmless", () =>
    Effect.gen(function* () {
      const { entry, log } = yield* taken({ performs: [succeeds] }, workOf())
      assert.deepEqual(log, ["write: sent again", "send Create op-1", "write: Succeeded", "put a thing-1"])
      assert.deepInclude(entry, { sent: 2 })
    }),
  )

  it.effect("is not gone on with where it has made nothing for certain", () =>
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
        assert.deepInclude(entry, { status: "Canceled", settled: true })
      }
    }),
  )

  it.effect("needs a human where it can be neither repeated nor asked for, and says that formae was cut off", () =>
    Effect.gen(function* () {
      const { entry, result } = yield* taken({}, workOf({ capabilities: helpless }))
      assert.deepInclude(entry, { status: "NeedsAttention", settled: false })
      assert.include(result._tag === "Failure" && result.failure.message, "formae was cut off while it ran")
    }),
  )

  it.effect("counts its losses anew, and keeps those of before", () =>
    Effect.gen(function* () {
      const crashes = Array.from({ length: 9 }, (_, at) => ({ at, message: "earlier" }))
      const { entry } = yield* taken({ performs: [dies, dies, succeeds] }, workOf({ entry: entryOf({ crashes }) }))
      assert.deepInclude(entry, { status: "Succeeded" })
      assert.lengthOf(entry.crashes, 11)
    }),
  )
})

/** Lets what can go on go on. */
const settle = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })

describe("a command that is asked to stop", () => {
  /** An operation whose progress comes when the test says so, and which is asked to stop when the test says so. */
  const makeStopping = (...performs: ReadonlyArray<Performance>) =>
    Effect.sync(() => {
      const { layer, log } = makeScripted({ performs })
      const running = <A, E>(
        effect: Effect.Effect<A, E, OperationRunner | OperationJournal | Inventory | StopRequests>,
      ) =>
        Effect.flatMap(StopRequests, (stops) => stops.register("command-1")).pipe(
          Effect.andThen(effect),
          Effect.scoped,
          Effect.provide(layer),
        )
      const request = Effect.flatMap(StopRequests, (stops) => stops.request("command-1"))
      return { log, request, running }
    })

  it.effect("leaves an operation under way once its request id is written", () =>
    Effect.gen(function* () {
      const reported = yield* Deferred.make<void>()
      const { log, request, running } = yield* makeStopping(
        reports({ requestId }, () => Effect.andThen(Deferred.succeed(reported, undefined), Effect.never)),
      )
      yield* running(
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Effect.flip(run(workOf())))
          yield* Deferred.await(reported)
          assert.isUndefined(fiber.pollUnsafe())
          yield* request
          assert.deepInclude(yield* Fiber.join(fiber), { code: "LeftUnderWay", attempts: 1 })
          assert.strictEqual(log.at(-1), "write: request request-1, native id null")
          assert.deepInclude(yield* written, { status: "InProgress", settled: false, requestId })
        }),
      )
    }),
  )

  it.effect("waits for the request id, or for the end, whichever is first", () =>
    Effect.gen(function* () {
      for (const then of [reports({ requestId }, () => Effect.never), succeeds]) {
        const sent = yield* Deferred.make<void>()
        const goOn = yield* Deferred.make<void>()
        // A progress without a request id is no safe point.
        const { request, running } = yield* makeStopping(
          reports({}, (observe) =>
            Deferred.succeed(sent, undefined).pipe(Effect.andThen(Deferred.await(goOn)), Effect.andThen(then(observe))),
          ),
        )
        yield* running(
          Effect.gen(function* () {
            const fiber = yield* Effect.forkChild(Effect.exit(run(workOf())))
            yield* Deferred.await(sent)
            yield* request
            yield* settle
            assert.isUndefined(fiber.pollUnsafe())
            yield* Deferred.succeed(goOn, undefined)
            yield* Fiber.join(fiber)
            const left = then !== succeeds
            assert.deepInclude(yield* written, { status: left ? "InProgress" : "Succeeded", settled: !left })
          }),
        )
      }
    }),
  )
})

describe("an interruption", () => {
  it.effect("that comes between an answer and its record waits for the record", () => {
    const recording = Deferred.makeUnsafe<void>()
    const goOn = Deferred.makeUnsafe<void>()
    const { layer } = makeScripted(
      { performs: [succeeds] },
      {
        put: () => Effect.andThen(Deferred.succeed(recording, undefined), Deferred.await(goOn)),
      },
    )
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(run(workOf()))
      yield* Deferred.await(recording)
      const interruption = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* settle
      yield* Deferred.succeed(goOn, undefined)
      yield* Fiber.join(interruption)
      assert.deepInclude(yield* written, { status: "Succeeded", settled: true })
      assert.lengthOf(yield* inventoryOf, 1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("while the plugin works leaves the operation to the next command", () =>
    Effect.gen(function* () {
      const sent = yield* Deferred.make<void>()
      const { layer } = makeScripted({
        performs: [() => Effect.andThen(Deferred.succeed(sent, undefined), Effect.never)],
      })
      yield* Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(run(workOf()))
        yield* Deferred.await(sent)
        yield* Fiber.interrupt(fiber)
        assert.deepInclude(yield* written, { status: "InProgress", settled: false, sent: 1 })
      }).pipe(Effect.provide(layer))
    }),
  )
})
