import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Claims } from "../../../../src/agent/records/Claims.ts"
import { partOfForma, partOfRunner } from "../../../../src/agent/records/CurrentHolder.ts"
import { Holders } from "../../../../src/agent/records/cluster/Holders.ts"
import { StateOwnership } from "../../../../src/agent/records/StateOwnership.ts"
import { makeTestStore } from "../../../../src/testing/TestStore.ts"
import { makeChosenStore } from "../../chosenStore.ts"
import { layerRunner, under } from "./runners.ts"

const part = partOfForma("shop")

/** Two runners on one state, and a table to write to. */
const makeRunnersOn = Effect.fnUntraced(function* (makeStore: typeof makeChosenStore) {
  const store = yield* makeStore
  const sql = Context.get(yield* Layer.build(store), SqlClient.SqlClient)
  yield* sql`CREATE TABLE written (what TEXT NOT NULL)`
  const runner = Effect.fnUntraced(function* (name: string) {
    const context = yield* Layer.build(layerRunner(name, store))
    const ownership = Context.get(context, StateOwnership)
    return {
      claims: Context.get(context, Claims),
      holders: Context.get(context, Holders),
      inWrite: ownership.write,
      write: (what: string) => ownership.write(sql`INSERT INTO written (what) VALUES (${what})`),
    }
  })
  const written = Effect.map(sql`SELECT what FROM written ORDER BY what`.values, (rows) => rows.flat())
  return { one: yield* runner("agent-1@here"), other: yield* runner("agent-2@there"), runner, written }
})

const makeRunners = makeRunnersOn(makeChosenStore)

describe("a part of a shared state", () => {
  it.effect("is written by the runner that has taken it over last, and by no other", () =>
    Effect.gen(function* () {
      const { one, other, written } = yield* makeRunners
      const first = yield* one.holders.activate(part)
      assert.deepInclude(first, { name: part, epoch: 1, takenOver: false })
      yield* under(first)(one.write("of the first"))
      yield* TestClock.setTime(Date.UTC(2026, 1, 3, 4, 5, 6))
      const second = yield* other.holders.activate(part)
      assert.deepInclude(second, { name: part, epoch: 2, takenOver: true })
      const error = yield* Effect.flip(under(first)(one.write("of a stale one")))
      assert.deepInclude(error, { _tag: "StateTaken", epoch: 1, holder: part, runner: "agent-2@there" })
      assert.strictEqual(
        error.message,
        "This agent no longer holds forma shop: agent-2@there (since 2026-02-03T04:05:06.000Z) has taken it over. Nothing more was written; what it had begun is continued by the one that takes it over",
      )
      yield* under(second)(other.write("of the second"))
      assert.deepEqual(yield* written, ["of the first", "of the second"])
    }),
  )

  it.effect("keeps no other part from being written, not even in the same moment", () =>
    Effect.gen(function* () {
      const { one, other, written } = yield* makeRunners
      const [lost, kept] = yield* Effect.all([one.holders.activate(part), one.holders.activate(partOfForma("net"))])
      yield* other.holders.activate(part)
      const exits = yield* Effect.forEach(
        [under(lost)(one.write("lost")), under(kept)(one.write("kept")), one.write("own"), other.write("of the other")],
        Effect.exit,
        { concurrency: "unbounded" },
      )
      assert.deepEqual(exits.map(Exit.isSuccess), [false, true, true, true])
      assert.deepEqual(yield* written, ["kept", "of the other", "own"])
    }),
  )

  it.effect("is not taken over in the middle of a write", () =>
    Effect.gen(function* () {
      const { one, other, written } = yield* makeRunners
      const holder = yield* one.holders.activate(part)
      const [begun, end] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const order: Array<string> = []
      const ownership = Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(end))
      const writing = yield* Effect.forkChild(
        under(holder)(
          one.inWrite(
            Effect.andThen(
              ownership,
              Effect.sync(() => order.push("written")),
            ),
          ),
        ),
      )
      yield* Deferred.await(begun)
      const taking = yield* Effect.forkChild(
        Effect.tap(other.holders.activate(part), () => Effect.sync(() => order.push("taken"))),
      )
      yield* Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow)
      assert.deepEqual(order, [])
      yield* Deferred.succeed(end, undefined)
      yield* Effect.all([Fiber.join(writing), Fiber.join(taking)])
      assert.deepEqual(order, ["written", "taken"])
      assert.deepEqual(yield* written, [])
    }),
  )

  it.effect(
    "that was given back is nobody's: the next one has nothing to wait for, and a late write does not land",
    () =>
      Effect.gen(function* () {
        const { one, other, written } = yield* makeRunners
        const scope = yield* Scope.make()
        const first = yield* Scope.provide(one.holders.activate(part), scope)
        yield* Scope.close(scope, Exit.void)
        assert.deepInclude(yield* Effect.flip(under(first)(one.write("late"))), { _tag: "StateTaken", holder: part })
        const second = yield* Effect.scoped(other.holders.activate(part))
        assert.deepInclude(second, { epoch: 2, takenOver: false })
        assert.deepEqual(yield* written, [])
      }),
  )

  it.effect("is not given back by the one that had it before", () =>
    Effect.gen(function* () {
      const { one, other, written } = yield* makeRunners
      const scope = yield* Scope.make()
      yield* Scope.provide(one.holders.activate(part), scope)
      const second = yield* other.holders.activate(part)
      yield* Scope.close(scope, Exit.void)
      yield* under(second)(other.write("of the second"))
      assert.deepEqual(yield* written, ["of the second"])
    }),
  )

  it.effect("of a runner's commands is taken anew once another runner has freed it, and what else it holds stays", () =>
    Effect.gen(function* () {
      const { one, other, written } = yield* makeRunners
      const holder = yield* one.holders.activate(part)
      const isOne = (runner: string) => runner === "agent-1@here"
      const command = yield* one.holders.forCommands
      assert.deepEqual(yield* other.holders.freeCommands(isOne), [])
      assert.deepEqual(yield* one.holders.forCommands, command)
      yield* under(command)(one.claims.claim({ documents: ["net"] }))
      assert.deepEqual(yield* other.holders.freeCommands((runner) => !isOne(runner)), [])
      assert.deepEqual(yield* other.holders.freeCommands(isOne), ["agent-1@here"])
      yield* other.claims.claim({ documents: ["net"] }, { whenInUse: "refuse" })
      const error = yield* Effect.flip(under(command)(one.write("of a command")))
      assert.strictEqual(
        error.message,
        "This agent was silent for so long that it was taken for gone, so this command may not write any more. Nothing more was written; run the command again",
      )
      yield* under(yield* one.holders.forCommands)(one.write("of the next command"))
      yield* under(holder)(one.write("of a part"))
      yield* one.write("of its own")
      assert.deepEqual(yield* written, ["of a part", "of its own", "of the next command"])
    }),
  )
})

describe("a runner", () => {
  it.effect("of a name that is there already takes over from the earlier one", () =>
    Effect.gen(function* () {
      const { one, runner, written } = yield* makeRunners
      const again = yield* runner("agent-1@here")
      assert.deepInclude(again.holders.own, { name: partOfRunner("agent-1@here"), epoch: 2, takenOver: true })
      assert.strictEqual((yield* Effect.flip(one.write("of the earlier one")))._tag, "StateTaken")
      yield* again.write("of the later one")
      assert.deepEqual(yield* written, ["of the later one"])
      assert.deepEqual(
        (yield* again.holders.list).map(({ epoch, name, runner }) => [name, epoch, runner]),
        [
          ["commands of agent-1@here", 2, "agent-1@here"],
          ["commands of agent-2@there", 1, "agent-2@there"],
          ["runner agent-1@here", 2, "agent-1@here"],
          ["runner agent-2@there", 1, "agent-2@there"],
        ],
      )
    }),
  )
})

describe("a claim under a part", () => {
  const shop = { documents: ["shop"], identities: ["bucket"] }

  it.effect("is free as soon as the part is taken over, and what it had counts as changed", () =>
    Effect.gen(function* () {
      const { one, other } = yield* makeRunners
      const holder = yield* one.holders.activate(part)
      yield* under(holder)(one.claims.claim(shop))
      const refused = yield* Effect.flip(Effect.scoped(other.claims.claim(shop, { whenInUse: "refuse" })))
      assert.deepInclude(refused, { _tag: "StateInUse", runner: "agent-1@here" })
      assert.include(refused.message, "A command of agent-1@here (since 1970-01-01T00:00:00.000Z) is using this state")
      const mine = yield* other.claims.claim({ documents: ["net"] })
      const heir = yield* other.holders.activate(part)
      assert.isTrue(yield* mine.cover({ identities: ["bucket"], names: [] }))
      yield* mine.cover({ identities: ["another"], names: [] })
      yield* under(heir)(other.claims.claim(shop, { whenInUse: "refuse" }))
      assert.isTrue(yield* one.claims.isClaimed("bucket"))
    }),
  )

  it.effect("is refused where the part was taken over before it was made, and while it waits", () =>
    Effect.gen(function* () {
      const { one, other } = yield* makeRunners
      const holder = yield* one.holders.activate(part)
      yield* other.claims.claim({ documents: ["net"] })
      const waiting = yield* Effect.forkChild(
        Effect.flip(Effect.scoped(under(holder)(one.claims.claim({ documents: ["net"] })))),
      )
      yield* TestClock.adjust("100 millis")
      assert.isUndefined(waiting.pollUnsafe())
      yield* other.holders.activate(part)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "StateTaken")
      const error = yield* Effect.flip(Effect.scoped(under(holder)(one.claims.claim({ documents: ["new"] }))))
      assert.deepInclude(error, { _tag: "StateTaken", epoch: 1, holder: part })
      yield* other.claims.claim({ documents: ["new"] }, { whenInUse: "refuse" })
    }),
  )

  it.effect(
    "that waits for one of another runner is granted within a second of its end, in the order in which they came",
    () =>
      Effect.gen(function* () {
        // A server answers in a time of its own, which is not that of the test.
        const { one, other } = yield* makeRunnersOn(makeTestStore)
        const log: Array<string> = []
        const scope = yield* Scope.make()
        yield* Scope.provide(one.claims.claim(shop), scope)
        const claim = ({ claims }: typeof one, name: string) =>
          Effect.forkChild(Effect.scoped(Effect.tap(claims.claim(shop), () => Effect.sync(() => log.push(name)))))
        yield* claim(other, "of the other")
        yield* TestClock.adjust("1 minute")
        yield* claim(one, "of the one")
        yield* TestClock.adjust("1 minute")
        assert.deepEqual(log, [])
        yield* Scope.close(scope, Exit.void)
        yield* TestClock.adjust("1 second")
        assert.deepEqual(log, ["of the other", "of the one"])
      }),
  )
})
