/** Which plugins a runner does not start any more: its own, and not those of another machine. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { makeLease } from "../../src/agent/launch/Lease.ts"
import { Quarantines } from "../../src/agent/supervision/Quarantines.ts"
import { layerRunner } from "../../src/cluster/layerRunner.ts"
import { makeRunnerShares } from "../../src/cluster/rates/RunnerShares.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"

const database = { url: Redacted.make("postgres://localhost/states"), schema: "formae" }

describe("a plugin that was restarted too often on one runner", () => {
  it.effect("is quarantined there, and started on the others", () =>
    Effect.gen(function* () {
      const store = yield* Layer.build(Layer.fresh(layerTestStore))
      const join = Effect.fnUntraced(function* (port: number) {
        const shares = yield* makeRunnerShares(`127.0.0.1:${port}`)
        const { quarantines } = layerRunner({ host: "127.0.0.1", port, database, lease: yield* makeLease, shares })
        const built = yield* Effect.provideContext(Layer.build(Layer.fresh(quarantines)), store)
        return Context.get(built, Quarantines)
      })
      const [one, two] = [yield* join(7301), yield* join(7302)]
      const quarantine = { plugin: "aws", restarts: 5, reason: "exited with code 9", at: 1 }
      yield* one.put(quarantine)
      assert.deepEqual(yield* one.list, [quarantine])
      assert.deepEqual(yield* two.list, [])
      // The same plugin may be quarantined on both: to release one leaves the other.
      yield* two.put(quarantine)
      yield* one.remove("aws")
      assert.deepEqual(yield* one.list, [])
      assert.deepEqual(yield* two.list, [quarantine])
    }),
  )
})
