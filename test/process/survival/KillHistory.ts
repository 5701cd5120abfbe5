/** Random kills, as data: which scenario is run, what is killed meanwhile, and when. A token tells a history exactly. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { ofOneDocument, type Scenario } from "../../survival/scenarios.ts"

/** What may be killed at one moment. */
export const targets = {
  agent: ["agent"],
  plugin: ["plugin"],
  guard: ["guard"],
  "agent and plugin": ["agent", "plugin"],
  "guard and agent": ["guard", "agent"],
} as const satisfies Readonly<Record<string, ReadonlyArray<"agent" | "plugin" | "guard">>>

export type Target = keyof typeof targets
const allTargets = Object.keys(targets) as ReadonlyArray<Target>

export interface Kill {
  readonly target: Target
  /** The share of an undisturbed run that passes before it, counted from the start or from the kill before. */
  readonly moment: number
}

export interface KillHistory {
  readonly token: string
  readonly scenario: Scenario
  readonly kills: ReadonlyArray<Kill>
}

const maxKills = 3

/** Most of the kills are to come before the end. */
const lastMoment = 0.6

const pick = <A>(all: ReadonlyArray<A>) => Effect.orDie(Random.choice(all))

/** The history with this number. Its first kill goes through all targets in turn. */
const drawHistory = Effect.fnUntraced(function* (token: string, number: number) {
  const scenario = yield* pick(ofOneDocument)
  const count = yield* Random.nextIntBetween(1, maxKills)
  const kills: Array<Kill> = []
  for (let index = 0; index < count; index++) {
    const target = index === 0 ? allTargets[number % allTargets.length]! : yield* pick(allTargets)
    kills.push({ target, moment: yield* Random.nextBetween(0, lastMoment) })
  }
  return { token, scenario, kills } satisfies KillHistory
})

/** `SEED:NUMBER` */
export const historyOf = (token: string): Effect.Effect<KillHistory> =>
  drawHistory(token, Number(token.slice(token.lastIndexOf(":") + 1))).pipe(Random.withSeed(token))
