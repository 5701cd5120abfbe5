/**
 * Which operations are set aside: those that were in flight at two crashes in
 * a row. Each may be what the plugin dies of, and the plugin goes on without it.
 */
import type { OperationId } from "../../protocol/Identity.ts"

export interface PoisonWatch {
  /** In flight at the last crash. */
  readonly suspects: ReadonlySet<OperationId>
  readonly poisoned: ReadonlySet<OperationId>
}

export const noPoison: PoisonWatch = { suspects: new Set(), poisoned: new Set() }

/** How a launch crashed. */
export interface CrashScene {
  readonly inFlight: ReadonlyArray<OperationId>
  /** The suspect that was sent alone, if one was: then it is the only one to blame. */
  readonly onProbation?: OperationId | undefined
  /** The launch had lived for long: this crash has nothing to do with the one before. */
  readonly wasHealthy?: boolean
}

/** What is known after a crash. */
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
