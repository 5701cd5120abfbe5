/** Where each step of a changeset writes how it ended, and where the steps that need it wait. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Change } from "../plan/Change.ts"
import type { Step } from "../plan/StepOrder.ts"
import type { StepOutcome } from "./StepOutcome.ts"

export const makeStepBoard = (steps: ReadonlyArray<Step>) => {
  const byId = new Map(steps.map((step) => [step.id, { step, ended: Deferred.makeUnsafe<void>() }]))
  const outcomes = new Map<string, StepOutcome>()
  const stepsOf = Map.groupBy(steps, ({ change }) => change)
  const find = (id: string) => Effect.orDie(Effect.fromNullishOr(byId.get(id)))
  const outcomeOf = (id: string) => Effect.orDie(Effect.fromNullishOr(outcomes.get(id)))
  return {
    write: ({ id }: Step, outcome: StepOutcome) => void outcomes.set(id, outcome),
    /** Wakes the steps that wait for the step. */
    announce: ({ id }: Step) => Effect.flatMap(find(id), ({ ended }) => Deferred.succeed(ended, undefined)),
    awaitStep: Effect.fnUntraced(function* (id: string) {
      const { ended, step } = yield* find(id)
      yield* Deferred.await(ended)
      return { step, outcome: yield* outcomeOf(id) }
    }),
    /** How the steps of a change have ended so far, in their order. */
    partsOf: (change: Change): readonly [StepOutcome, ...ReadonlyArray<StepOutcome>] | undefined => {
      const [first, ...rest] = (stepsOf.get(change) ?? []).flatMap(({ id }) => outcomes.get(id) ?? [])
      return first === undefined ? undefined : [first, ...rest]
    },
  }
}
