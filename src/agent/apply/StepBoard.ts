/** How each step of a changeset has ended, and which steps may begin then. */
import type { Change } from "../plan/Change.ts"
import type { Step } from "../plan/StepOrder.ts"
import type { EndedStep, StepOutcome } from "./StepOutcome.ts"

export interface StepBoard {
  /** The steps that need no other one. */
  readonly free: ReadonlyArray<Step>
  /** Writes how a step has ended. Returns the steps that have waited for nothing else. */
  readonly write: (step: Step, outcome: StepOutcome) => ReadonlyArray<Step>
  /** The steps that a step needs, once all of them have ended. */
  readonly neededBy: (step: Step) => ReadonlyArray<EndedStep>
  /** How the steps of a change have ended so far, in their order. */
  readonly partsOf: (change: Change) => readonly [StepOutcome, ...ReadonlyArray<StepOutcome>] | undefined
}

/** Throws where a step needs one that does not exist, because it would wait for ever. */
export const makeStepBoard = (steps: ReadonlyArray<Step>): StepBoard => {
  const ended = new Map<string, EndedStep>()
  const stepsOf = Map.groupBy(steps, ({ change }) => change)
  /** How many steps each one waits for. */
  const missing = new Map<string, number>()
  const waitingFor = new Map(steps.map(({ id }) => [id, new Array<Step>()]))
  for (const step of steps) {
    const needed = new Set(step.after)
    missing.set(step.id, needed.size)
    for (const id of needed) {
      const waiting = waitingFor.get(id)
      if (waiting === undefined) throw new Error(`the step ${step.id} needs the step ${id}, which does not exist`)
      waiting.push(step)
    }
  }
  return {
    free: steps.filter(({ id }) => missing.get(id) === 0),
    write: (step, outcome) => {
      ended.set(step.id, { step, outcome })
      return (waitingFor.get(step.id) ?? []).filter(({ id }) => {
        const left = (missing.get(id) ?? 0) - 1
        missing.set(id, left)
        return left === 0
      })
    },
    neededBy: ({ after }) => after.flatMap((id) => ended.get(id) ?? []),
    partsOf: (change) => {
      const [first, ...rest] = (stepsOf.get(change) ?? []).flatMap(({ id }) => ended.get(id)?.outcome ?? [])
      return first === undefined ? undefined : [first, ...rest]
    },
  }
}
