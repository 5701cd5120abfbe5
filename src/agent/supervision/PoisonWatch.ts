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

/** What is known after a crash with these operations in flight. */
export const afterCrash = (watch: PoisonWatch, inFlight: ReadonlyArray<OperationId>): PoisonWatch => {
  const again = inFlight.filter((operationId) => watch.suspects.has(operationId))
  return {
    suspects: new Set(inFlight),
    poisoned: again.length === 0 ? watch.poisoned : new Set([...watch.poisoned, ...again]),
  }
}
