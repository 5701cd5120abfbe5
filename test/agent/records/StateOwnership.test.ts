import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { holdForEver, leave, makeState, refusal } from "./agentsOnState.ts"

describe.each(["withFile", "withProcesses"] as const)("a state (%s)", (kind) => {
  it.effect("is refused while another agent holds it, and free once it was given back", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      const other = yield* state[kind](12, both)
      yield* TestClock.setTime(Date.UTC(2026, 1, 3, 4, 5, 6))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { epoch } = yield* one.hold
          assert.strictEqual(epoch, 1)
          assert.strictEqual(
            (yield* refusal(other)).message,
            "Another formae (pid 11, since 2026-02-03T04:05:06.000Z) is using this state; nothing was changed",
          )
          assert.isTrue(yield* other.isHeld)
          assert.isTrue(yield* one.isHeld)
        }),
      )
      assert.isFalse(yield* other.isHeld)
      const second = yield* Effect.scoped(other.hold)
      assert.deepInclude(second, { epoch: 2, takenOver: false })
    }),
  )

  it.effect("is given to only one of many that want it at once", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const five = { 1: null, 2: null, 3: null, 4: null, 5: null }
      const agents = yield* Effect.forEach([1, 2, 3, 4, 5], (pid) => state[kind](pid, five))
      const results = yield* withPassingTime(
        Effect.forEach(agents, ({ hold }) => Effect.exit(hold), { concurrency: "unbounded" }),
      )
      assert.lengthOf(results.filter(Exit.isSuccess), 1)
    }),
  )

  it.effect("is waited for, a bounded time, while another agent holds it for a moment", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      const other = yield* state[kind](12, both)
      const moment = yield* Scope.make()
      const { epoch } = yield* Scope.provide(one.holdForAMoment, moment)
      const begunAt = yield* Clock.currentTimeMillis
      assert.deepInclude(yield* withPassingTime(refusal(other), "100 millis"), { _tag: "StateInUse", pid: 11 })
      assert.isAtLeast((yield* Clock.currentTimeMillis) - begunAt, 1_900)
      const waiting = yield* Effect.forkChild(withPassingTime(Effect.scoped(other.hold), "100 millis"))
      yield* Effect.replicateEffect(Effect.yieldNow, 30)
      yield* Scope.close(moment, Exit.void)
      assert.deepInclude(yield* Fiber.join(waiting), { epoch: epoch + 1, takenOver: false })
      const forLong = yield* Scope.make()
      yield* Scope.provide(one.hold, forLong)
      const askedAt = yield* Clock.currentTimeMillis
      const quick = yield* Effect.flip(Effect.scoped(other.holdForAMoment))
      assert.deepInclude(quick, { _tag: "StateInUse", pid: 11 })
      assert.strictEqual(yield* Clock.currentTimeMillis, askedAt, "a command is not waited for")
      yield* Scope.close(forLong, Exit.void)
    }),
  )

  it.effect("is shared by the commands of one agent, until the last one gives it back", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      const other = yield* state[kind](12, both)
      const [first, second] = [yield* Scope.make(), yield* Scope.make()]
      const holdings = yield* Effect.forEach([first, second], (scope) => Scope.provide(one.hold, scope))
      assert.strictEqual(holdings[0]?.epoch, holdings[1]?.epoch)
      yield* Scope.close(first, Exit.void)
      assert.strictEqual((yield* refusal(other))._tag, "StateInUse")
      yield* one.write(Effect.void)
      yield* Scope.close(second, Exit.void)
      yield* Effect.scoped(other.hold)
    }),
  )

  it.effect("can be held again as soon as it is given back, and is never held by nobody meanwhile", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      // Each begins while the one before it gives the state back.
      yield* Effect.forEach(
        Array.from({ length: 30 }, (_, delay) => delay),
        (delay) =>
          Effect.forEach(Array.from({ length: delay }), () => Effect.yieldNow).pipe(
            Effect.andThen(Effect.scoped(Effect.andThen(one.hold, one.write(Effect.yieldNow)))),
          ),
        { concurrency: "unbounded" },
      )
    }),
  )
})

describe.each(["withFile", "withProcesses"] as const)("a holding of a state (%s)", (kind) => {
  it.effect("is needed to write", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      const error = yield* Effect.flip(one.write(Effect.die("it was written")))
      assert.strictEqual(error._tag, "StateTaken")
      assert.strictEqual(error.message, "This agent does not hold the state; nothing was written")
    }),
  )

  it.effect("is lost when its row is deleted, even if the next one has the same epoch", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      const { epoch } = yield* holdForEver(one)
      yield* state.sql((sql) => sql`DELETE FROM state_ownership`)
      const error = yield* Effect.flip(one.write(Effect.die("it was written")))
      assert.deepInclude(error, { _tag: "StateTaken", epoch })
      assert.include(error.message, "its holding was removed from the state")
      yield* state.sql((sql) =>
        Effect.andThen(
          sql`INSERT INTO state_ownership (id, epoch) VALUES (1, 0)`,
          leave(sql, { epoch, kind: "process", pid: 12, start: null }),
        ),
      )
      const again = yield* Effect.flip(one.write(Effect.die("it was written")))
      assert.deepInclude(again, { _tag: "StateTaken", epoch, pid: 12 })
    }),
  )

  it.effect("counts as taken over if the row was deleted before", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      yield* state.sql((sql) => sql`DELETE FROM state_ownership`)
      assert.deepInclude(yield* Effect.scoped(one.hold), { epoch: 1, takenOver: true })
    }),
  )

  it.effect("is given back when a command is interrupted while it takes it", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      for (let steps = 0; steps < 20; steps++) {
        const fiber = yield* Effect.forkChild(Effect.scoped(Effect.andThen(one.hold, Effect.never)))
        yield* Effect.forEach(Array.from({ length: steps }), () => Effect.yieldNow)
        yield* Fiber.interrupt(fiber)
        assert.isFalse(yield* one.isHeld)
      }
      yield* Effect.scoped(one.hold)
    }),
  )
})

describe("an agent that was replaced", () => {
  it.effect("writes nothing any more, neither what it begins then nor the rest of what it had begun", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const stale = yield* state.withProcesses(11, { 11: null }, "there")
      const heir = yield* state.withProcesses(12, { 12: null })
      yield* holdForEver(stale)
      yield* heir.unlock
      yield* heir.hold
      const error = yield* Effect.flip(stale.write(Effect.die("it was written")))
      assert.deepInclude(error, { _tag: "StateTaken", epoch: 1, pid: 12 })
      assert.include(error.message, "another formae (pid 12 on here, since 1970-01-01T00:00:00.000Z) has taken it over")
    }),
  )

  it.effect("does not free the state of its successor when it ends", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const stale = yield* state.withProcesses(11, { 11: null }, "there")
      const heir = yield* state.withProcesses(12, { 12: null })
      const scope = yield* Scope.make()
      yield* Scope.provide(stale.hold, scope)
      yield* heir.unlock
      yield* heir.hold
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(yield* heir.isHeld)
      assert.deepInclude(yield* refusal(stale), { pid: 12 })
    }),
  )
})

describe("a store in memory", () => {
  it.effect("is held by one agent at a time too", () =>
    Effect.gen(function* () {
      const store = yield* Layer.build(layerChosenStore)
      const agent = Effect.map(
        Layer.build(Layer.fresh(StateOwnership.layer)).pipe(Effect.provideContext(store)),
        Context.get(StateOwnership),
      )
      const [one, other] = [yield* agent, yield* agent]
      const held = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        Effect.scoped(one.hold.pipe(Effect.andThen(Deferred.succeed(held, undefined)), Effect.andThen(Effect.never))),
      )
      yield* Deferred.await(held)
      assert.deepInclude(yield* refusal(other), { _tag: "StateInUse", pid: process.pid })
      yield* Fiber.interrupt(first)
      yield* Effect.scoped(other.hold)
    }),
  )
})
