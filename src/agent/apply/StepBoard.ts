/** How each step of a changeset has ended, and which steps may begin then. */
import type { Change } from "../plan/Change.ts"
import type { SharedWait } from "../plan/RenameWaits.ts"
import type { Step } from "../plan/StepOrder.ts"
import type { EndedStep, StepOutcome } from "./StepOutcome.ts"

export interface StepBoard {
  /** The steps that need no other one. */
  readonly free: ReadonlyArray<Step>
  /** Writes how a step has ended. Returns the steps that have waited for nothing else. */
  readonly write: (step: Step, outcome: StepOutcome) => ReadonlyArray<Step>
  /** The steps that a step needs and that have not succeeded, once all that it needs have ended. */
  readonly unsuccessfulBefore: (step: Step) => ReadonlyArray<EndedStep>
  /** How the steps of a change have ended so far, in their order. */
  readonly partsOf: (change: Change) => readonly [StepOutcome, ...ReadonlyArray<StepOutcome>] | undefined
}

/** What waits for a step: another step, or a shared list that the step is in. */
interface Waiting {
  /** Undefined for a list. */
  readonly step: Step | undefined
  /** How much it waits for: steps, or lists of them. */
  missing: number
  readonly next: Array<Waiting>
  /** Those of the list that have not succeeded. Undefined where all have, so far. */
  unsuccessful: Array<EndedStep> | undefined
}

const waitingFor = (step: Step | undefined, missing: number): Waiting => ({
  step,
  missing,
  next: [],
  unsuccessful: undefined,
})

/** Throws where a step needs one that does not exist, because it would wait for ever. */
export const makeStepBoard = (steps: ReadonlyArray<Step>): StepBoard => {
  const ended = new Map<string, EndedStep>()
  const stepsOf = Map.groupBy(steps, ({ change }) => change)
  const ofStep = new Map(steps.map((step) => [step.id, waitingFor(step, 0)]))
  const ofList = new Map<SharedWait, Waiting>()

  const connect = (id: string, later: Waiting, name: string): void => {
    const earlier = ofStep.get(id)
    if (earlier === undefined) throw new Error(`${name} needs the step ${id}, which does not exist`)
    earlier.next.push(later)
    later.missing += 1
  }
  const listOf = (ids: SharedWait): Waiting => {
    const known = ofList.get(ids)
    if (known !== undefined) return known
    const list = waitingFor(undefined, 0)
    ofList.set(ids, list)
    for (const id of new Set(ids)) connect(id, list, "a step")
    return list
  }
  for (const one of ofStep.values()) {
    if (one.step === undefined) continue
    for (const id of new Set(one.step.after)) connect(id, one, `the step ${one.step.id}`)
    for (const ids of new Set(one.step.afterShared)) {
      listOf(ids).next.push(one)
      one.missing += 1
    }
  }

  /** Counts down what has waited for this. Returns the steps that wait for nothing else. */
  const release = ({ next }: Waiting, end?: EndedStep): ReadonlyArray<Step> =>
    next.flatMap((one) => {
      if (one.step === undefined && end?.outcome.failure !== undefined) (one.unsuccessful ??= []).push(end)
      one.missing -= 1
      if (one.missing > 0) return []
      return one.step === undefined ? release(one) : [one.step]
    })

  return {
    free: steps.filter(({ id }) => ofStep.get(id)?.missing === 0),
    write: (step, outcome) => {
      const end = { step, outcome }
      ended.set(step.id, end)
      const one = ofStep.get(step.id)
      return one === undefined ? [] : release(one, end)
    },
    unsuccessfulBefore: ({ after, afterShared }) => [
      ...after.flatMap((id) => {
        const end = ended.get(id)
        return end?.outcome.failure === undefined ? [] : [end]
      }),
      ...[...new Set(afterShared)].flatMap((ids) => ofList.get(ids)?.unsuccessful ?? []),
    ],
    partsOf: (change) => {
      const [first, ...rest] = (stepsOf.get(change) ?? []).flatMap(({ id }) => ended.get(id)?.outcome ?? [])
      return first === undefined ? undefined : [first, ...rest]
    },
  }
}
