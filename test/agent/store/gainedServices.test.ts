import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { gainedServices, withGained } from "../../../src/agent/store/gainedServices.ts"

class Connection extends Context.Service<Connection, string>()("test/Connection") {}
class Span extends Context.Service<Span, string>()("test/Span") {}
class Shared extends Context.Service<Shared, string>()("test/Shared") {}

const outside = Context.add(Context.make(Shared, "of the group"), Span, "outer")
const inside = Context.add(Context.add(outside, Connection, "of the transaction"), Span, "of the transaction")

describe("what a fiber gains inside of a transaction", () => {
  it("is what it has there alone", () => {
    const gained = gainedServices(outside as Context.Context<never>, inside as Context.Context<never>)
    assert.deepEqual(
      gained.map(({ key, value }) => [key.key, value]),
      [
        ["test/Span", "of the transaction"],
        ["test/Connection", "of the transaction"],
      ],
    )
  })

  it.effect("is given to another, which keeps what it has of its own, and has it no longer afterwards", () =>
    Effect.gen(function* () {
      const gained = gainedServices(outside as Context.Context<never>, inside as Context.Context<never>)
      const all = Effect.all([
        Effect.serviceOption(Connection),
        Effect.serviceOption(Span),
        Effect.serviceOption(Shared),
      ])
      const known = Effect.map(all, (found) => found.map((option) => (option._tag === "Some" ? option.value : "none")))
      const own = Effect.provideService(Span, "own")
      assert.deepEqual(yield* known.pipe(withGained(gained), own), ["of the transaction", "own", "none"])
      assert.deepEqual(yield* known.pipe(withGained(gained)), ["of the transaction", "of the transaction", "none"])
      assert.deepEqual(yield* known.pipe(own), ["none", "own", "none"])
      const after = withGained(gained)(Effect.fail("gone")).pipe(Effect.ignore, Effect.andThen(known))
      assert.deepEqual(yield* after, ["none", "none", "none"])
    }),
  )
})
