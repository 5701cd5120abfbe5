import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { OperationRunner } from "../../../src/agent/operations/OperationRunner.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import type { Work } from "../../../src/agent/operations/Work.ts"
import type { Failure } from "../../../src/protocol/ErrorCode.ts"
import {
  capabilities,
  dies,
  journaled,
  makeScripted,
  type Performance,
  reports,
  requestId,
  run,
  type Script,
  succeeds,
  workOf,
} from "./scripted.ts"

const inventoryOf = Effect.flatMap(Inventory, (inventory) => inventory.list())

/** Lets every fiber run as far as it can. */
const runFibers = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })

describe("a command that is asked to stop", () => {
  /** A script, run as a command that `request` asks to stop. */
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
          assert.deepInclude(yield* journaled, { status: "InProgress", closed: false, requestId })
        }),
      )
    }),
  )

  it.effect("waits for the request id, or for the end, whichever is first", () =>
    Effect.gen(function* () {
      for (const then of [reports({ requestId }, () => Effect.never), succeeds]) {
        const sent = yield* Deferred.make<void>()
        const resume = yield* Deferred.make<void>()
        // Progress without a request id is not a safe point.
        const { request, running } = yield* makeStopping(
          reports({}, (observe) =>
            Deferred.succeed(sent, undefined).pipe(
              Effect.andThen(Deferred.await(resume)),
              Effect.andThen(then(observe)),
            ),
          ),
        )
        yield* running(
          Effect.gen(function* () {
            const fiber = yield* Effect.forkChild(Effect.exit(run(workOf())))
            yield* Deferred.await(sent)
            yield* request
            yield* runFibers
            assert.isUndefined(fiber.pollUnsafe())
            yield* Deferred.succeed(resume, undefined)
            yield* Fiber.join(fiber)
            const left = then !== succeeds
            assert.deepInclude(yield* journaled, { status: left ? "InProgress" : "Succeeded", closed: !left })
          }),
        )
      }
    }),
  )
})

describe("an operation that was stopped before it was sent", () => {
  it.effect("is said not to have been sent, and to have waited for the rate limit", () =>
    Effect.gen(function* () {
      const [waits, ends] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const { layer } = makeScripted({
        performs: [
          () =>
            Deferred.succeed(waits, undefined).pipe(
              Effect.andThen(Deferred.await(ends)),
              Effect.as({
                status: "Failed",
                attempts: 0,
                failure: { code: "Throttling", message: "stopped" },
              } as const),
            ),
        ],
      })
      yield* Effect.gen(function* () {
        const stops = yield* StopRequests
        yield* stops.register("command-1")
        const fiber = yield* Effect.forkChild(Effect.flip(run(workOf())))
        yield* Deferred.await(waits)
        yield* stops.request("command-1")
        yield* Deferred.succeed(ends, undefined)
        const failure = yield* Fiber.join(fiber)
        assert.deepInclude(failure, { code: "Canceled", attempts: 0 })
        assert.strictEqual(
          failure.message,
          "not sent, because the command was asked to stop while it waited for the rate limit",
        )
      }).pipe(Effect.scoped, Effect.provide(layer))
    }),
  )
})

describe("a wait that a request to stop ends", () => {
  const stopped = Effect.fnUntraced(function* (
    script: Script,
    work: Work,
    until: Deferred.Deferred<void>,
    take: (work: Work) => Effect.Effect<unknown, unknown, OperationRunner | OperationJournal> = run,
  ) {
    const { layer, log } = makeScripted(script)
    return yield* Effect.gen(function* () {
      const stops = yield* StopRequests
      yield* stops.register("command-1")
      const fiber = yield* Effect.forkChild(Effect.flip(take(work)))
      yield* Deferred.await(until)
      yield* stops.request("command-1")
      yield* runFibers
      const failure = fiber.pollUnsafe()
      yield* Fiber.interrupt(fiber)
      const entry = Option.getOrUndefined(yield* Effect.option(journaled))
      return { failure: failure?._tag === "Success" ? failure.value : undefined, log, entry }
    }).pipe(Effect.scoped, Effect.provide(layer))
  })
  const throttled = { code: "Throttling", message: "slow down" } as const
  const retries = (until: Deferred.Deferred<void>, failure: Failure = throttled) =>
    reports({ failure }, () => Effect.andThen(Deferred.succeed(until, undefined), Effect.never))

  it.effect("is that of a plugin that cannot be told to stop retrying, if a second try does no harm", () =>
    Effect.gen(function* () {
      const until = yield* Deferred.make<void>()
      const { entry, failure } = yield* stopped({ performs: [retries(until)] }, workOf(), until)
      assert.deepInclude(failure, { code: "LeftUnderWay", attempts: 1 })
      assert.deepInclude(entry, { status: "InProgress", closed: false })
    }),
  )

  it.effect("is not that of a create that must not be cut off in a try", () =>
    Effect.gen(function* () {
      const until = yield* Deferred.make<void>()
      const work = workOf({ capabilities: capabilities({ idempotency: "none", recoverable: false }) })
      const { failure } = yield* stopped({ performs: [retries(until)] }, work, until)
      assert.isUndefined(failure)
    }),
  )

  it.effect("is that for a plugin: what was not sent is not begun, and what was is left", () =>
    Effect.gen(function* () {
      const until = yield* Deferred.make<void>()
      yield* Deferred.succeed(until, undefined)
      const first = yield* stopped({ waitsFrom: 0 }, workOf(), until)
      assert.deepInclude(first.failure, { code: "Canceled", attempts: 0 })
      assert.deepEqual(first.log, [])
      const crashed = yield* Deferred.make<void>()
      const again = yield* stopped(
        {
          performs: [
            () =>
              Effect.andThen(
                Deferred.succeed(crashed, undefined),
                dies(() => Effect.void),
              ),
          ],
          waitsFrom: 1,
        },
        workOf(),
        crashed,
      )
      assert.deepInclude(again.failure, { code: "LeftUnderWay" })
      assert.deepEqual(again.log, ["write the intent", "send Create op-1", "write: crash 1"])
    }),
  )

  it.effect("is that for what became of a create", () =>
    Effect.gen(function* () {
      const until = yield* Deferred.make<void>()
      const asks = Effect.andThen(Deferred.succeed(until, undefined), Effect.never)
      const work = workOf({ capabilities: capabilities({ idempotency: "none", recoverable: true }) })
      const { entry, failure } = yield* stopped({ recovers: [asks] }, work, until, (taken) =>
        Effect.andThen(
          OperationJournal.use((journal) => journal.recordIntent(taken.entry)),
          OperationRunner.use((runner) => runner.takeUp(taken)),
        ),
      )
      assert.deepInclude(failure, { code: "LeftUnderWay" })
      assert.deepInclude(entry, { status: "InProgress", closed: false })
    }),
  )
})

describe("an interruption", () => {
  it.effect("between an answer and its record waits for the record", () => {
    const recording = Deferred.makeUnsafe<void>()
    const resume = Deferred.makeUnsafe<void>()
    const { layer } = makeScripted(
      { performs: [succeeds] },
      {
        put: () => Effect.andThen(Deferred.succeed(recording, undefined), Deferred.await(resume)),
      },
    )
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(run(workOf()))
      yield* Deferred.await(recording)
      const interruption = yield* Effect.forkChild(Fiber.interrupt(fiber), { startImmediately: true })
      yield* runFibers
      yield* Deferred.succeed(resume, undefined)
      yield* Fiber.join(interruption)
      assert.deepInclude(yield* journaled, { status: "Succeeded", closed: true })
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
        assert.deepInclude(yield* journaled, { status: "InProgress", closed: false, sent: 1 })
      }).pipe(Effect.provide(layer))
    }),
  )
})
