/** P17: a plugin does nothing more when the time is over for which its agent may act. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { Operation } from "../../src/protocol/Operation.ts"
import * as Requests from "../../src/plugin/Requests.ts"
import { create, read, remove, status, update } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"
import { makeLateClock } from "../transport/lateClock.ts"
import { accepted, done, makeScripted, refuse, type Script, withRetries } from "./scripted.ts"

const inTerm = <A extends Operation>(leaseTerm: number, operation: A): A => ({ ...operation, leaseTerm })
const creating = (leaseTerm = 1) => inTerm(leaseTerm, create("Now", {}))
const begin = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })

/** A plugin that answers by a script, after its handshake, with the calls that reached its provider. */
const served = Effect.fnUntraced(function* (script: Script) {
  const { calls, plugin } = yield* makeScripted(script)
  const { client } = yield* connect(plugin)
  yield* client.Handshake(handshake(withRetries(9)))
  return {
    client,
    called: () => calls.map(({ call }) => call),
    lease: (term: number, remainingMillis: number) => client.Lease({ term, remainingMillis }),
    watch: (operation: Operation) => Stream.runDrain(client.Watch({ operationId: operation.operationId })),
  }
})

const notBegun = { _tag: "LeaseEnded", begun: false } as const
const stopped = { _tag: "LeaseEnded", begun: true } as const

describe("a plugin whose agent has a lease", () => {
  it.effect("refuses what would change something when it is over, and does it again when it is renewed", () =>
    Effect.gen(function* () {
      const { called, client, lease } = yield* served({})
      yield* lease(1, 5_000)
      assert.deepInclude(yield* client.Create(creating()), { status: "Succeeded" })
      yield* TestClock.adjust("5 seconds")
      const late = [
        client.Create(creating()),
        client.Update(inTerm(1, update("Now", "n-1", { prior: {}, desired: {}, patch: [] }))),
        client.Delete(inTerm(1, remove("Now", "n-1"))),
        client.Status(inTerm(1, status("Now", "r-1"))),
        // It does not say when it was sent.
        client.Create(create("Now", {})),
      ]
      for (const call of late) assert.deepInclude<{}>(yield* Effect.flip<unknown, {}, never>(call), notBegun)
      assert.deepEqual(called(), ["create"])
      assert.deepInclude(yield* client.Read(read("Now", "n-1")), { status: "Succeeded" })
      // Counted from the lease before.
      yield* lease(2, 8_000)
      assert.deepInclude(yield* client.Create(creating(2)), { status: "Succeeded" })
      // Sent before the agent was replaced, and read only now.
      assert.deepInclude(yield* Effect.flip(client.Create(creating(1))), notBegun)
      assert.deepEqual(called(), ["create", "create"])
    }),
  )

  it.effect(
    "counts each lease from the one before, so that a frame that lay in the pipe gives no time that is over",
    () =>
      Effect.gen(function* () {
        const { client, lease } = yield* served({})
        yield* TestClock.adjust("1 second")
        yield* lease(1, 4_000)
        yield* TestClock.adjust("3 seconds")
        assert.deepInclude(yield* Effect.flip(client.Create(creating())), notBegun)
        yield* TestClock.adjust("1 second")
        yield* lease(2, 4_500)
        yield* TestClock.adjust("499 millis")
        assert.deepInclude(yield* client.Create(creating(2)), { status: "Succeeded" })
        yield* TestClock.adjust("1 millis")
        assert.deepInclude(yield* Effect.flip(client.Create(creating(2))), notBegun)
      }),
  )

  it.effect.each([
    ["the wait for a retry", { create: refuse("Throttling") }, "create"],
    [
      "the wait for a poll",
      { create: accepted, status: [accepted], poll: { baseMillis: 2_000, factor: 1, capMillis: 2_000 } },
      "status",
    ],
    ["a call of the provider", { create: accepted, status: [Effect.never] }, "status"],
  ] as const)("gives up %s", ([, script, call]) =>
    Effect.gen(function* () {
      const { called, client, lease, watch } = yield* served(script)
      yield* lease(1, 7_000)
      const operation = creating()
      assert.deepInclude(yield* client.Create(operation), { status: "InProgress" })
      const watched = yield* begin(Effect.flip(watch(operation)))
      yield* TestClock.adjust("6999 millis")
      assert.isUndefined(watched.pollUnsafe())
      const before = called()
      assert.include(before, call)
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(yield* Fiber.join(watched), stopped)
      // It is not continued in the next term.
      yield* lease(2, 60_000)
      yield* TestClock.adjust("30 seconds")
      assert.deepEqual(called(), before)
    }),
  )

  it.effect("goes on while it is renewed, and begins anew what is sent again in another term", () =>
    Effect.gen(function* () {
      const poll = { baseMillis: 1_000, factor: 1, capMillis: 1_000 }
      const { called, client, lease, watch } = yield* served({ create: accepted, status: [accepted], poll })
      yield* lease(1, 4_000)
      const operation = creating()
      yield* client.Create(operation)
      const watched = yield* begin(Effect.flip(watch(operation)))
      for (let renewals = 0; renewals < 5; renewals += 1) {
        yield* TestClock.adjust("3 seconds")
        yield* lease(1, 7_000)
      }
      assert.isUndefined(watched.pollUnsafe())
      assert.lengthOf(called(), 16)
      yield* TestClock.adjust("4 seconds")
      assert.deepInclude(yield* Fiber.join(watched), stopped)
      const waiting = creating(2)
      const unwatched = creating(2)
      yield* lease(2, 8_000)
      yield* client.Create(waiting)
      yield* client.Create(unwatched)
      yield* TestClock.adjust("4 seconds")
      yield* lease(3, 8_000)
      // It has waited for its Watch, and does not go on.
      assert.deepInclude(yield* Effect.flip(watch(unwatched)), stopped)
      const before = called().length
      yield* client.Create(inTerm(3, waiting))
      yield* begin(watch(waiting))
      yield* TestClock.adjust("2 seconds")
      assert.deepEqual(called().slice(before), ["create", "status", "status"])
    }),
  )

  it.effect("makes no call when its timers come late together, because it was stopped", () =>
    Effect.gen(function* () {
      const { clock, stopEachTimeFor } = yield* makeLateClock
      stopEachTimeFor("1 minute")
      yield* Effect.gen(function* () {
        const { called, client, lease, watch } = yield* served({ create: accepted, status: [done] })
        yield* lease(1, 5_000)
        const operation = creating()
        yield* client.Create(operation)
        const watched = yield* begin(Effect.flip(watch(operation)))
        yield* TestClock.adjust("2 minutes")
        assert.deepInclude(yield* Fiber.join(watched), stopped)
        assert.deepEqual(called(), ["create"])
      }).pipe(Effect.provideService(Clock.Clock, clock))
    }),
  )

  it.effect("begins no second request of a handler", () =>
    Effect.gen(function* () {
      const { clock, stopEachTimeFor } = yield* makeLateClock
      stopEachTimeFor("1 minute")
      yield* Effect.gen(function* () {
        let requests = 0
        const request = Requests.limited(Effect.sync(() => void (requests += 1)))
        const { client, lease } = yield* served({
          limitsRequests: true,
          create: Effect.andThen(Effect.andThen(request, Effect.sleep("1 second")), Effect.andThen(request, done)),
        })
        yield* lease(1, 5_000)
        const created = yield* begin(Effect.flip(client.Create(creating())))
        yield* TestClock.adjust("2 minutes")
        assert.deepInclude(yield* Fiber.join(created), stopped)
        assert.strictEqual(requests, 1)
      }).pipe(Effect.provideService(Clock.Clock, clock))
    }),
  )
})
