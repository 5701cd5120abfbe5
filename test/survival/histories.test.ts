import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { History } from "./History.ts"
import { live } from "./live.ts"

/** `npm run survival` sets other values. */
const { FORMAE_REPLAY: replay, FORMAE_RUNS: runs = "25", FORMAE_SEED: seed = "1" } = process.env

const explain = (cause: unknown) => (Predicate.isError(cause) ? cause.message : String(cause))

/** A violated invariant is a failure of the history, so that the history is shrunk. */
const holds = (history: History): Effect.Effect<boolean, string> =>
  withPassingTime(live(history)).pipe(
    Effect.as(true),
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )

describe("P3, P8: every history of formae, faults, killings and changes elsewhere", () => {
  it.effect(
    "ends well",
    () =>
      Effect.gen(function* () {
        const result = yield* Arbitrary.checkEffect(Arbitrary.schema(History), holds, {
          runs: Number(runs),
          seed,
          ...(replay === undefined ? {} : { replay }),
        })
        if (result._tag === "Falsified") {
          const why = result.failure._tag === "PropertyError" ? result.failure.error : "it does not hold"
          assert.fail(
            `${why}\n\n${JSON.stringify(result.shrunkInput, null, 2)}\n\nTo repeat it: npm run survival -- --replay '${result.replay}'`,
          )
        }
        assert.strictEqual(result._tag, "Passed")
      }),
    3_600_000,
  )
})
