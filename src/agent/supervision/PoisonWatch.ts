/**
 * Which operations are set aside: those that were in flight at two crashes in
 * a row. Each may be the cause, and the plugin continues without it.
 */
import type { OperationId } from "../../protocol/Identity.ts"

export interface PoisonWatch {
  /** The operations in flight at the last crash. */
  readonly suspects: ReadonlySet<OperationId>
  readonly poisoned: ReadonlySet<OperationId>
}

export const noPoison: PoisonWatch = { suspects: new Set(), poisoned: new Set() }

/** How a launch crashed. */
export interface CrashScene {
  readonly inFlight: ReadonlyArray<OperationId>
  /** The suspect that was sent alone, if there was one: then only this one can be the cause. */
  readonly onProbation?: OperationId | undefined
  /** The launch had been healthy, so this crash has nothing to do with the one before. */
  readonly wasHealthy?: boolean
}

/** What is known after one more crash. */
export const afterCrash = (
  { poisoned, suspects }: PoisonWatch,
  { inFlight, onProbation, wasHealthy = false }: CrashScene,
): PoisonWatch => {
  const again = wasHealthy
    ? []
    : onProbation !== undefined && inFlight.includes(onProbation)
      ? [onProbation]
      : inFlight.filter((operationId) => suspects.has(operationId))
  return {
    suspects: new Set(inFlight),
    poisoned: again.length === 0 ? poisoned : new Set([...poisoned, ...again]),
  }
}
