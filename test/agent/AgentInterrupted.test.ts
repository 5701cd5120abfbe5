import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { SqlError, UnknownError } from "effect/sql/SqlError"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { ConnectionLost } from "../../src/protocol/OperatorError.ts"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { formaOfNotes, layerNotes, makeNotes } from "./notes.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { outcomes } from "./shop.ts"

/** The label and the native id of each resource in the inventory. */
const inventoried = Effect.flatMap(Inventory, (inventory) =>
  Effect.map(inventory.list(), (rows) => rows.map(({ label, nativeId }) => `${label} ${nativeId}`)),
)

const diskFull = new SqlError({ reason: new UnknownError({ cause: "database or disk is full", operation: "execute" }) })

describe("an apply that is interrupted", () => {
  it.effect("records what it has begun, and the next apply does not create it again", () => {
    const { calls, finish, plugin } = makeNotes({ accepts: () => true })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const accepted = yield* Deferred.make<void>()
      const forma = formaOfNotes({ a: { Text: "a" } })
      const first = yield* Effect.forkChild(
        agent.apply(forma, {
          observe: (event) =>
            event._tag === "Progressed" ? Effect.asVoid(Deferred.succeed(accepted, undefined)) : Effect.void,
        }),
      )
      yield* Deferred.await(accepted)
      yield* Fiber.interrupt(first)
      assert.deepEqual(yield* inventoried, ["a note-1"])
      yield* finish
      // The next apply polls the work that the first one has left.
      const next = yield* withPassingTime(agent.apply(forma))
      assert.deepEqual(outcomes(next), ["a create"])
      assert.deepEqual(outcomes(yield* agent.apply(forma)), ["a noop"])
      assert.deepEqual(calls, ["create a"])
    }).pipe(Effect.provide(layerNotes(plugin)))
  })

  it.effect("records what was created before the interruption", () => {
    const { plugin } = makeNotes()
    return Effect.gen(function* () {
      const recording = yield* Deferred.make<void>()
      const resume = yield* Deferred.make<void>()
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const apply = yield* Effect.forkChild(agent.apply(formaOfNotes({ a: { Text: "a" } })))
        yield* Deferred.await(recording)
        const interrupted = yield* Effect.forkChild(Fiber.interrupt(apply), { startImmediately: true })
        // So that the interruption has arrived.
        yield* Effect.forEach([1, 2, 3, 4, 5], () => Effect.yieldNow)
        yield* Deferred.succeed(resume, undefined)
        yield* Fiber.join(interrupted)
        assert.deepEqual(yield* inventoried, ["a note-1"])
      }).pipe(
        Effect.provide(
          layerNotes(plugin, (inventory) => ({
            ...inventory,
            put: (row) =>
              Deferred.succeed(recording, undefined).pipe(
                Effect.andThen(Deferred.await(resume)),
                Effect.andThen(inventory.put(row)),
              ),
          })),
        ),
      )
    })
  })
})

describe("a create whose connection is lost", () => {
  const losing = (hasReported: boolean): InProcessPlugin => ({
    ...makeNotes().plugin,
    launch: () =>
      Effect.succeed({
        operator: PluginOperator.of({
          perform: Effect.fnUntraced(function* (_, observe) {
            if (hasReported) yield* observe({ status: "InProgress", attempts: 1, nativeId: NativeId.make("note-7") })
            return yield* new ConnectionLost({ message: "the plugin was killed", sent: true })
          }),
          list: () => Effect.die("lists nothing"),
          recover: () => Effect.die("recovers nothing"),
          canonicalize: () => Effect.die("has no canonical forms"),
          identify: () => Effect.succeed({ place: "here" }),
        }),
        configure: () => Effect.void,
      }),
  })

  it.effect.each([[true], [false]] as const)(
    "is in the inventory if its native id was reported (%s)",
    ([hasReported]) =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const { resources } = yield* agent.apply(formaOfNotes({ a: { Text: "a" } }))
        assert.deepInclude(resources[0], { status: "failed", nativeId: hasReported ? "note-7" : null })
        assert.strictEqual(resources[0]?.error?.code, hasReported ? "ConnectionLost" : "NeedsAttention")
        assert.include(resources[0]?.error?.message, "the plugin was killed")
        assert.deepEqual(yield* inventoried, hasReported ? ["a note-7"] : [])
      }).pipe(Effect.provide(layerNotes(losing(hasReported)))),
  )
})

describe("a state that cannot be written", () => {
  it.effect("fails the command after what was under way has ended and been recorded, and nothing new begins", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const broken = yield* Deferred.make<void>()
      const { calls, plugin } = makeNotes({
        beforeCreate: (label) =>
          label === "slow"
            ? Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(broken))
            : Deferred.await(begun),
      })
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const forma = formaOfNotes({
          lost: { Text: "x" },
          slow: { Text: "y" },
          next: { Text: { $ref: "slow.Digest" } },
        })
        const error = yield* Effect.flip(agent.apply(forma))
        assert.strictEqual(error._tag, "SqlError")
        assert.deepEqual(calls, ["create lost", "create slow"])
        assert.deepEqual(yield* inventoried, ["slow note-2"])
      }).pipe(
        Effect.provide(
          layerNotes(plugin, (inventory) => ({
            ...inventory,
            put: (row) =>
              row.label === "lost"
                ? Effect.andThen(Deferred.succeed(broken, undefined), Effect.fail(diskFull))
                : inventory.put(row),
          })),
        ),
      )
    }),
  )
})

describe("a reference to what an update changes", () => {
  it.effect("is followed even if the plan saw no change and the provider does not return it", () => {
    const { calls, plugin } = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = (text: string) => formaOfNotes({ a: { Text: text }, b: { Hint: { $ref: "a.Digest" } } })
      yield* agent.apply(forma("one"))
      assert.deepEqual(outcomes(yield* agent.apply(forma("two"))), ["a update", "b update"])
      assert.deepEqual(calls.slice(2), ['update a to {"Text":"two"}', 'update b to {"Hint":"digest of two"}'])
      assert.deepEqual(outcomes(yield* agent.apply(forma("two"))), ["a noop", "b noop"])
    }).pipe(Effect.provide(layerNotes(plugin)))
  })
})

describe("two applies of one document at the same time", () => {
  it.effect("are one apply and one refusal, and then the state is free again", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const resume = yield* Deferred.make<void>()
      const { calls, plugin } = makeNotes({
        beforeCreate: () => Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(resume)),
      })
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const forma = formaOfNotes({ a: { Text: "a" } })
        const first = yield* Effect.forkChild(agent.apply(forma))
        yield* Deferred.await(begun)
        const refuse = { whenInUse: "refuse" } as const
        for (const second of [agent.apply(forma, refuse), agent.destroy("notes", refuse)]) {
          assert.deepInclude(yield* Effect.flip(second), { _tag: "StateInUse", pid: process.pid })
        }
        assert.deepEqual(outcomes(yield* agent.plan(forma)), ["a create"])
        yield* Deferred.succeed(resume, undefined)
        assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
        assert.deepEqual(outcomes(yield* agent.apply(forma)), ["a noop"])
        assert.deepEqual(calls, ["create a"])
      }).pipe(Effect.provide(layerNotes(plugin)))
    }),
  )

  it.effect("are one after the other where the second one waits, which is the default", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const resume = yield* Deferred.make<void>()
      const { calls, plugin } = makeNotes({
        beforeCreate: () => Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(resume)),
      })
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const first = yield* Effect.forkChild(agent.apply(formaOfNotes({ a: { Text: "a" } })))
        yield* Deferred.await(begun)
        const second = yield* Effect.forkChild(agent.apply(formaOfNotes({ a: { Text: "a" }, b: { Text: "b" } })))
        yield* Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow, { discard: true })
        assert.isUndefined(second.pollUnsafe())
        assert.deepEqual(calls, [])
        yield* Deferred.succeed(resume, undefined)
        assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
        assert.deepEqual(outcomes(yield* Fiber.join(second)), ["a noop", "b create"])
        assert.deepEqual(calls, ["create a", "create b"])
      }).pipe(Effect.provide(layerNotes(plugin)))
    }),
  )

  it.effect("are one apply and one refusal where the second one is asked to stop while it waits", () =>
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const { plugin } = makeNotes({
        beforeCreate: () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never),
      })
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const forma = formaOfNotes({ a: { Text: "a" } })
        const first = yield* Effect.forkChild(agent.apply(forma))
        yield* Deferred.await(begun)
        const refused = yield* Effect.flip(agent.apply(forma, { stopWhen: Effect.void }))
        assert.deepInclude(refused, { _tag: "StateInUse", isThisAgent: true })
        yield* Fiber.interrupt(first)
      }).pipe(Effect.provide(layerNotes(plugin)))
    }),
  )
})
