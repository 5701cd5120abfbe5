import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Claims } from "../../../src/agent/records/Claims.ts"

/** Takes the fiber forward by a number of operations, so that an interruption can come at any of them. */
const burn = (operations: number) =>
  Effect.gen(function* () {
    for (let done = 0; done < operations; done++) yield* Effect.sync(() => done)
  })

describe("a claim", () => {
  it.effect("is never lost by an interruption, whenever it comes", () =>
    Effect.gen(function* () {
      // A fiber yields after 2,048 operations: the interruption arrives around there.
      for (let operations = 1_980; operations < 2_060; operations++) {
        yield* Effect.gen(function* () {
          const claims = yield* Claims
          const claiming = Effect.scoped(Effect.andThen(claims.claim("wait"), Effect.never))
          const fiber = yield* Effect.forkChild(Effect.andThen(burn(operations), claiming), { startImmediately: true })
          yield* Fiber.interrupt(fiber)
          const next = yield* Effect.result(Effect.scoped(claims.claim("refuse")))
          assert.strictEqual(next._tag, "Success", `interrupted after ${operations} operations`)
        }).pipe(Effect.provide(Layer.fresh(Claims.layer), { local: true }))
      }
    }),
  )

  it.effect("is refused while another command of this agent has it, and free after it", () =>
    Effect.gen(function* () {
      const claims = yield* Claims
      const error = yield* Effect.scoped(
        Effect.andThen(claims.claim("refuse"), Effect.flip(Effect.scoped(claims.claim("refuse")))),
      )
      assert.strictEqual(
        error.message,
        "Another command of this agent (since 1970-01-01T00:00:00.000Z) is using this state; nothing was changed",
      )
      yield* Effect.scoped(claims.claim("refuse"))
    }).pipe(Effect.provide(Claims.layer)),
  )
})
