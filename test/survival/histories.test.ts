import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { History } from "./History.ts"
import { live } from "./live.ts"

/** `npm run survival` says otherwise. */
const { FORMAE_REPLAY: replay, FORMAE_RUNS: runs = "40", FORMAE_SEED: seed = "1" } = process.env

const explain = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** What does not hold is a failure of the history, so that it is made smaller. */
const holds = (history: History): Effect.Effect<boolean, string> =>
  withPassingTime(live(history)).pipe(
    Effect.as(true),
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )

describe("P3, P8: any history of formae, faults, deaths and meddling ends well", () => {
  it.effect(
    "in every one that was tried",
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
            `${why}\n\n${JSON.stringify(result.shrunkInput, null, 2)}\n\nOnce more: npm run survival -- --replay '${result.replay}'`,
          )
        }
        assert.strictEqual(result._tag, "Passed")
      }),
    3_600_000,
  )
})
