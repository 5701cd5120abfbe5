import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { isWhole } from "../../shortForm.ts"
import { ofOneDocument } from "../../survival/scenarios.ts"
import { historyOf, type KillHistory, targets } from "./KillHistory.ts"
import { type Calm, liveThroughKills, liveUndisturbed, type Outcome } from "./liveThroughKills.ts"

/** `npm run survival` sets other values. */
const {
  FORMAE_KILLS: kills = isWhole ? "300" : "10",
  FORMAE_REPLAY_KILLS: replayed,
  FORMAE_SEED: seed = "1",
} = process.env

/** A kill may come too late and find nothing. So there are more histories than kills. */
const maxHistories = 2 * Number(kills)
/** How many histories are run before the kills are counted again. */
const batch = isWhole ? 10 : 5

/** Each scenario with nothing killed. */
const undisturbed = Effect.map(
  Effect.forEach(ofOneDocument, (scenario) =>
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

const killsIn = (outcomes: ReadonlyArray<Outcome>) => outcomes.reduce((sum, { struck }) => sum + struck, 0)

const survive = Effect.fnUntraced(function* (calm: ReadonlyMap<string, Calm>, token: string) {
  const history = yield* historyOf(token)
  return yield* liveThroughKills(history, calm.get(history.scenario.name)!).pipe(
    Effect.mapError((error) => explain(history, error)),
    Effect.catchDefect((defect) => Effect.fail(explain(history, defect))),
  )
})

describe("P3: SIGKILL at random moments of real processes", () => {
  it.live(
    `${replayed ?? `${kills} times (seed ${seed})`}, and all ends as if nothing had been killed, and no process is left`,
    () =>
      Effect.gen(function* () {
        const calm = yield* undisturbed
        if (replayed !== undefined) return yield* Effect.asVoid(survive(calm, replayed))
        const survived: Array<Outcome> = []
        while (killsIn(survived) < Number(kills)) {
          const tokens = Array.from({ length: batch }, (_, index) => `${seed}:${survived.length + index}`)
          survived.push(...(yield* Effect.forEach(tokens, (token) => survive(calm, token), { concurrency: 2 })))
          assert.isAtMost(survived.length, maxHistories, `too many kills find nothing:\n${tableOf(survived)}`)
        }
        if (isWhole) process.stdout.write(tableOf(survived))
      }),
    3_600_000,
  )
})
