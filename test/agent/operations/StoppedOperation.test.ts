import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type OperationRunner } from "../../../src/agent/operations/OperationRunner.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { type OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { journaled, makeScripted, type Performance, reports, requestId, run, succeeds, workOf } from "./scripted.ts"

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
