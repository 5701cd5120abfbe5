import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { isWhole } from "../../shortForm.ts"
import { scenarios } from "../../survival/scenarios.ts"
import { historyOf, type KillHistory, targets } from "./KillHistory.ts"
import { liveThroughKills, liveUndisturbed, type Outcome } from "./liveThroughKills.ts"

/** `npm run survival` sets other values. */
const {
  FORMAE_KILLS: kills = isWhole ? "300" : "20",
  FORMAE_REPLAY_KILLS: replayed,
  FORMAE_SEED: seed = "1",
} = process.env

const tokens =
  replayed === undefined ? Array.from({ length: Number(kills) }, (_, index) => `${seed}:${index}`) : [replayed]

/** Each scenario with nothing killed. */
const undisturbed = Effect.map(
  Effect.forEach(scenarios, (scenario) =>
    Effect.map(liveUndisturbed(scenario), (calm) => [scenario.name, calm] as const),
  ),
  (all) => new Map(all),
)

const explain = ({ kills: all, scenario, token }: KillHistory, cause: unknown) =>
  new Error(
    `${scenario.name}, with ${all.map(({ moment, target }) => `${target} killed at ${moment.toFixed(3)}`).join(", then ")}: ${Predicate.isError(cause) ? cause.message : String(cause)}\n\nTo repeat it: npm run survival -- --replay-kills ${token}`,
    { cause },
  )

/** A line for each target of the first kill. The long form prints it. */
const tableOf = (outcomes: ReadonlyArray<Outcome>) =>
  Object.keys(targets)
    .map((target) => {
      const some = outcomes.filter(({ history }) => history.kills[0]?.target === target)
      const count = (of: (outcome: Outcome) => number) => some.reduce((sum, outcome) => sum + of(outcome), 0)
      return `${target} first: ${some.length} histories, ${count(({ struck }) => struck)} kills, ${count(({ beforePlugin }) => Number(beforePlugin))} of them before a plugin had started; a human was asked ${count(({ asked }) => asked)} times\n`
    })
    .join("")

describe("P3: SIGKILL at random moments of real processes", () => {
  it.live(
    `${tokens.length} histories (seed ${seed}) end as if nothing had been killed, and leave no process`,
    () =>
      Effect.gen(function* () {
        const calm = yield* undisturbed
        const survived = yield* Effect.forEach(
          tokens,
          Effect.fnUntraced(function* (token) {
            const history = yield* historyOf(token)
            return yield* liveThroughKills(history, calm.get(history.scenario.name)!).pipe(
              Effect.catchDefect((defect) => Effect.fail(explain(history, defect))),
              Effect.mapError((error) => explain(history, error)),
            )
          }),
          { concurrency: 2 },
        )
        const table = tableOf(survived)
        if (isWhole) process.stdout.write(table)
        const struck = survived.filter((one) => one.struck > 0)
        assert.isAbove(struck.length, tokens.length / 2, table)
      }),
    3_600_000,
  )
})
