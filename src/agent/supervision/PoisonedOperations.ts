/** The operations of one plugin that are suspected of its crashes, and those that are set aside. */
import type { OperationId } from "../../protocol/Identity.ts"
import { afterCrash, noPoison } from "./PoisonWatch.ts"
import { makeProbation, type Probation } from "./Probation.ts"

export interface PoisonedOperations {
  /** Runs an operation on a launch. One that had no answer at the last crash is sent alone. */
  readonly perform: Probation["perform"]
  /** Records a crash, and returns the operations that are set aside from now on. */
  readonly crashed: (crash: {
    readonly unanswered: ReadonlyArray<OperationId>
    readonly wasHealthy: boolean
    readonly reason: string
  }) => ReadonlyArray<OperationId>
  /** How the plugin crashed while it ran an operation that is set aside. */
  readonly reasonOf: (operationId: OperationId) => string | undefined
  readonly clear: () => void
}

/** Sets an operation aside at its `maxCrashes()`th crash in a row. */
export const makePoisonedOperations = (maxCrashes: () => number): PoisonedOperations => {
  let watch = noPoison
  const reasons = new Map<OperationId, string>()
  const probation = makeProbation((operationId) => watch.suspects.has(operationId))
  return {
    perform: probation.perform,
    crashed: ({ reason, unanswered, wasHealthy }) => {
      watch = afterCrash(watch, { unanswered, onProbation: probation.current(), wasHealthy }, maxCrashes())
      const added = [...watch.poisoned].filter((operationId) => !reasons.has(operationId))
      for (const operationId of added) reasons.set(operationId, reason)
      return added
    },
    reasonOf: (operationId) => reasons.get(operationId),
    clear: () => {
      watch = noPoison
      reasons.clear()
    },
  }
}
