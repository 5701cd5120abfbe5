import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { deleted, inProgress, succeeded } from "../../../src/plugin/Answer.ts"
import { defineResource } from "../../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../../src/plugin/ResourcePlugin.ts"
import { Operation } from "../../../src/protocol/Operation.ts"
import { serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { awaitSlow, awaitStarted, create, list, unobserved } from "../../operator/operations.ts"
import { elapse, inTime, makeSupervised, tagsOf, untilIdle } from "./supervised.ts"

describe("an operation in flight at two crashes in a row", () => {
  /** Crashes the plugin with these operations in flight. */
  const crashDuring = Effect.fnUntraced(function* (
    { nextReady, perform }: Effect.Success<ReturnType<typeof makeSupervised>>,
    operations: ReadonlyArray<ReturnType<typeof create>>,
  ) {
    const calls = yield* Effect.forEach(operations, (operation) =>
      Effect.forkChild(Effect.flip(perform(operation)), { startImmediately: true }),
    )
    const process = yield* nextReady
    yield* untilIdle
    yield* process.exit(9)
    return yield* Effect.forEach(calls, Fiber.join)
  })

  it.effect("P2: is set aside, and the plugin serves all others", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      const poison = create("Slow", { Name: "poison" })
      const bystander = create("Slow", { Name: "bystander" })
      for (const operations of [[poison, bystander], [poison]]) {
        for (const error of yield* crashDuring(supervised, operations)) {
          assert.deepInclude(error, { _tag: "ConnectionLost", sent: true })
        }
        const crashed = yield* supervised.next("Crashed")
        assert.deepEqual(
          crashed.operations,
          operations.map(({ operationId }) => operationId),
        )
      }
      assert.deepInclude(yield* supervised.next("Poisoned"), { plugin: "suite", operationId: poison.operationId })
      yield* elapse("1 second")
      const error = yield* Effect.flip(supervised.perform(poison))
      assert.deepInclude(error, {
        _tag: "OperationPoisoned",
        plugin: "suite",
        operationId: poison.operationId,
        reason: "exited with code 9",
      })
      assert.include(error.message, "the plugin suite crashed twice in a row while it ran (it exited with code 9)")
      const served = yield* Effect.forkChild(supervised.perform(bystander), { startImmediately: true })
      assert.strictEqual((yield* supervised.perform(create("Now", { Name: "a" }))).status, "Succeeded")
      yield* awaitStarted(yield* supervised.operator(), "bystander")
      yield* Fiber.interrupt(served)
    }),
  )

  it.effect("P2: is set aside later, or at once, if its limit says so", () =>
    Effect.gen(function* () {
      for (const [operationCrashes, times] of [
        [1, "once"],
        [3, "3 times in a row"],
      ] as const) {
        const { limits } = defaultSupervisionSettings
        const supervised = yield* makeSupervised({
          settings: { ...defaultSupervisionSettings, limits: { ...limits, operationCrashes } },
        })
        const poison = create("Slow", { Name: "poison" })
        for (let crashes = 1; crashes <= operationCrashes; crashes++) {
          yield* crashDuring(supervised, [poison])
          yield* elapse("1 second")
        }
        const error = yield* Effect.flip(supervised.perform(poison))
        assert.deepInclude(error, { _tag: "OperationPoisoned", crashes: operationCrashes })
        assert.include(error.message, `the plugin suite crashed ${times} while it ran`)
      }
    }),
  )

  it.effect("P2: does not take with it those that were beside it: they are sent again one at a time", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      const poison = create("Slow", { Name: "poison" })
      const operations = [poison, create("Slow", { Name: "one" }), create("Slow", { Name: "two" })]
      const operator = yield* supervised.operator()
      const send = () =>
        Effect.forEach(operations, (operation) =>
          Effect.forkChild(Effect.flip(operator.perform(operation, unobserved)), { startImmediately: true }),
        )
      const first = yield* send()
      yield* Effect.flatMap(supervised.nextReady, (process) => Effect.andThen(untilIdle, process.exit(9)))
      yield* Effect.forEach(first, Fiber.join)
      assert.lengthOf((yield* supervised.next("Crashed")).operations, 3)
      const second = yield* send()
      yield* Effect.flatMap(supervised.nextReady, (process) => Effect.andThen(untilIdle, process.exit(9)))
      const crashed = yield* supervised.next("Crashed")
      assert.deepEqual(crashed.operations, [poison.operationId])
      assert.strictEqual((yield* supervised.next("Poisoned")).operationId, poison.operationId)
      yield* elapse("1 second")
      yield* awaitStarted(operator, "one")
      yield* Effect.forEach(second, Fiber.interrupt)
    }),
  )

  it.effect("P2: is told by an operator in its own words", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      const poison = create("Slow", { Name: "poison" })
      const operator = yield* supervised.operator()
      yield* crashDuring(supervised, [poison])
      yield* crashDuring(supervised, [poison])
      yield* elapse("1 second")
      const error = yield* Effect.flip(operator.perform(poison, unobserved))
      assert.deepInclude(error, { _tag: "ConnectionLost", sent: false })
      assert.include(error.message, "was set aside")
    }),
  )

  it.effect("P2: is not set aside where another crash came between", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      const suspect = create("Slow", { Name: "suspect" })
      yield* crashDuring(supervised, [suspect])
      yield* Effect.flatMap(supervised.nextReady, (process) => process.exit(1))
      yield* supervised.eventsUntil("RestartingIn")
      yield* elapse("200 millis")
      yield* crashDuring(supervised, [suspect])
      yield* elapse("400 millis")
      const again = yield* Effect.forkChild(supervised.perform(suspect), { startImmediately: true })
      yield* awaitStarted(yield* supervised.operator(), "suspect")
      yield* Fiber.interrupt(again)
    }),
  )
})

describe("P2: a plugin that is killed from outside while it waits for its provider", () => {
  /** Accepts each create at once. The work is done once the provider was asked for it this often. */
  const makeAccepting = (pollsUntilDone: number) => {
    const polls = new Map<string, number>()
    return definePlugin({
      name: "suite",
      namespace: "Suite",
      version: "1.2.3",
      types: [
        defineResource({
          type: "Suite::Now::Thing",
          idempotency: "token",
          target: Schema.Struct({ region: Schema.String }),
          properties: Schema.Struct({}),
          poll: { baseMillis: 50, factor: 1, capMillis: 50 },
          create: ({ operationId }) => Effect.as(Effect.sleep("1 millis"), inProgress({ requestId: operationId })),
          status: ({ requestId }) =>
            Effect.sync(() => {
              const asked = (polls.get(requestId) ?? 0) + 1
              polls.set(requestId, asked)
              return asked < pollsUntilDone
                ? inProgress({ requestId })
                : succeeded({ nativeId: requestId, properties: {} })
            }),
          read: () => Effect.succeed({}),
          delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
        }),
      ],
    })
  }

  const cases = [2, 3].flatMap((kills) => Array.from({ length: 10 }, (_, seed) => ({ kills, seed })))

  it.effect.each(cases)("$kills times at random ($seed): no work is set aside, and all of it ends", ({ kills, seed }) =>
    Effect.gen(function* () {
      const suite = makeAccepting(80)
      const supervised = yield* makeSupervised({ programOf: () => serves(suite) })
      const operator = yield* supervised.operator()
      /** As the agent does: sends what was not accepted, and asks for the status of what was. */
      const toItsEnd = Effect.fnUntraced(function* (first: ReturnType<typeof create>) {
        let operation: Operation = first
        while (true) {
          const ended = yield* Effect.result(
            operator.perform(operation, ({ requestId }) =>
              Effect.sync(() => {
                if (requestId === undefined) return
                const { label, operationId, resourceType, targetConfig } = first
                operation = Operation.cases.Status.make({ label, operationId, requestId, resourceType, targetConfig })
              }),
            ),
          )
          if (ended._tag === "Success") return ended.success.status
          assert.deepInclude(ended.failure, { _tag: "ConnectionLost", sent: true })
        }
      })
      const all = yield* Effect.forkChild(
        Effect.forEach(
          Array.from({ length: 8 }, () => create("Now", {})),
          toItsEnd,
          { concurrency: "unbounded" },
        ),
        { startImmediately: true },
      )
      for (let kill = 1; kill <= kills; kill++) {
        const process = yield* supervised.nextReady
        yield* elapse(Duration.millis(yield* Random.nextIntBetween(20, 900)))
        yield* process.signal("SIGKILL")
        assert.lengthOf((yield* supervised.next("Crashed")).operations, 8)
        yield* elapse("400 millis")
      }
      const ended = yield* inTime(Fiber.join(all))
      assert.deepEqual(
        ended,
        Array.from({ length: 8 }, () => "Succeeded" as const),
      )
      assert.notInclude(tagsOf(yield* supervised.eventsSoFar), "Poisoned")
    }).pipe(Random.withSeed(`${kills}-${seed}`)),
  )
})

describe("an operation that was not sent before its launch ended", () => {
  it.effect("goes to the next launch, and its caller sees nothing of it", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({
        settings: {
          ...defaultSupervisionSettings,
          limits: { ...defaultSupervisionSettings.limits, callsInFlight: 2 },
        },
      })
      const operator = yield* supervised.operator()
      const process = yield* supervised.nextReady
      const sent = yield* Effect.forEach(["a", "b"], (Name) =>
        Effect.forkChild(Effect.flip(operator.perform(create("Slow", { Name }), unobserved)), {
          startImmediately: true,
        }),
      )
      yield* untilIdle
      const waiting = yield* Effect.forEach(["a", "b", "c", "d"], (Name) =>
        Effect.forkChild(operator.perform(create("Now", { Name }), unobserved), { startImmediately: true }),
      )
      const listing = yield* Effect.forkChild(operator.list(list("Now")), { startImmediately: true })
      yield* untilIdle
      yield* process.exit(9)
      for (const call of sent) {
        assert.deepInclude(yield* Fiber.join(call), { _tag: "ConnectionLost", sent: true })
      }
      for (const call of waiting) assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
      assert.lengthOf((yield* Fiber.join(listing)).nativeIds, 2)
      assert.lengthOf((yield* supervised.next("Crashed")).operations, 2)
    }),
  )

  it.effect("goes to the next launch, where a child of the plugin holds its pipes too", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({
        settings: {
          ...defaultSupervisionSettings,
          limits: { ...defaultSupervisionSettings.limits, callsInFlight: 1 },
        },
      })
      const operator = yield* supervised.operator()
      const process = yield* supervised.nextReady
      const sent = yield* Effect.forkChild(Effect.flip(operator.perform(create("Slow", { Name: "a" }), unobserved)), {
        startImmediately: true,
      })
      yield* untilIdle
      const waiting = yield* Effect.forkChild(operator.perform(create("Now", { Name: "a" }), unobserved), {
        startImmediately: true,
      })
      yield* untilIdle
      yield* process.exitHoldingPipes(9)
      yield* elapse("250 millis")
      assert.deepInclude(yield* Fiber.join(sent), { _tag: "ConnectionLost", sent: true })
      assert.strictEqual((yield* Fiber.join(waiting)).status, "Succeeded")
    }),
  )
})

describe("a caller that is interrupted", () => {
  it.effect("reaches its own operation in the plugin, and no other", () =>
    Effect.gen(function* () {
      const { operator, perform } = yield* makeSupervised()
      const start = (Name: string) => Effect.forkChild(perform(create("Slow", { Name })), { startImmediately: true })
      const cancelled = yield* start("cancelled")
      const kept = yield* start("kept")
      const found = yield* operator()
      yield* Effect.all([awaitStarted(found, "cancelled"), awaitStarted(found, "kept")])
      yield* Fiber.interrupt(cancelled)
      yield* awaitSlow(found, "cancelled", { Started: 1, Interrupted: 1 })
      yield* awaitSlow(found, "kept", { Started: 1, Interrupted: 0 })
      assert.isUndefined(kept.pollUnsafe())
      yield* Fiber.interrupt(kept)
    }),
  )

  it.effect("while it waits for the plugin leaves the start to the others", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make()
      const { operator } = yield* makeSupervised({
        programOf: () => (process) => Effect.andThen(gate.await, serves(plugin)(process)),
      })
      const first = yield* Effect.forkChild(operator(), { startImmediately: true })
      const second = yield* Effect.forkChild(operator(), { startImmediately: true })
      yield* untilIdle
      yield* Fiber.interrupt(first)
      yield* gate.open
      yield* Fiber.join(second)
    }),
  )
})
