/** Applies a document on hostile plugins beside one that behaves well, and again when they have become harmless. */
import * as Effect from "effect/Effect"
import { type Attack, type AttackGroup, documentBefore, documentDuring } from "./Attack.ts"
import { makeAttackFolder, type Measured } from "./AttackFolder.ts"
import { didOf, parseResult, problemsOf } from "./judgment.ts"

/** How long an attack may take on a machine that does nothing else, from the start of the command to its end. */
const usualLimitMillis = 10_000

/** What an attack came to. */
export interface Outcome {
  readonly attack: Attack
  /** What the agent did about it, in a sentence. */
  readonly did: string
  /** From the start of the command to its end. */
  readonly millis: number
  /** The peak of the agent's memory, in peaks of the same run on harmless plugins. */
  readonly memory: number
}

/** A folder in which everything is as it was before the attack, and the document is that of the attack. */
const makePrepared = Effect.fnUntraced(function* (attacks: ReadonlyArray<Attack>, limit: number) {
  const folder = yield* makeAttackFolder(attacks, limit)
  const wanted = documentBefore(attacks)
  const before = wanted === undefined ? [] : [yield* Effect.andThen(folder.want(wanted), folder.apply("harmless"))]
  yield* folder.want(documentDuring(attacks))
  return { ...folder, before }
})

/** The same run on plugins that are harmless. */
const runHarmless = Effect.fnUntraced(function* (attacks: ReadonlyArray<Attack>, limit: number) {
  const { apply } = yield* makePrepared(attacks, limit)
  return yield* apply("harmless")
}, Effect.scoped)

const runHostile = Effect.fnUntraced(function* (attacks: ReadonlyArray<Attack>, limit: number) {
  const { apply, before, left } = yield* makePrepared(attacks, limit)
  const during = yield* apply("hostile")
  const leftBehind = yield* left
  const after = yield* apply("harmless")
  return { before, during, leftBehind, after }
}, Effect.scoped)

/** Each attack may take the limit. `usual` is what the same takes without an attack. */
const attackOnce = Effect.fnUntraced(function* (attacks: ReadonlyArray<Attack>, usual: Measured, limitMillis: number) {
  const runs = yield* runHostile(attacks, attacks.length * limitMillis)
  const result = parseResult(runs.during)
  const memory = runs.during.peakKiB / usual.peakKiB
  const millis = runs.during.millis
  return {
    outcomes: attacks.map((attack): Outcome => ({ attack, did: didOf(attack, result), millis, memory })),
    problems: problemsOf({ ...runs, usual, memory, attacks }),
  }
})

/** Runs the attacks of a group, on one agent or each on one of its own. */
export const runGroup = Effect.fnUntraced(function* (
  { attacks, isAlone }: AttackGroup,
  limitMillis: number = usualLimitMillis,
) {
  const runs = isAlone === true ? attacks.map((attack) => [attack]) : [attacks]
  const usual = yield* runHarmless(runs[0] ?? [], attacks.length * limitMillis)
  const attacked = yield* Effect.forEach(runs, (run) => attackOnce(run, usual, limitMillis))
  return {
    outcomes: attacked.flatMap(({ outcomes }) => outcomes),
    problems: attacked.flatMap(({ problems }) => problems),
  }
})
