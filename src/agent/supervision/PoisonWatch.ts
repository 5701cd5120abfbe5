/**
 * Which operations are set aside: those that had been sent and not answered at
 * too many crashes in a row. Each may be the cause, and the plugin continues
 * without it. Work that the plugin had accepted is never the cause.
 */
import type { OperationId } from "../../protocol/Identity.ts"

export interface PoisonWatch {
  /** The operations without an answer at the last crash, each with the number of crashes in a row that it may have caused. */
  readonly suspects: ReadonlyMap<OperationId, number>
  readonly poisoned: ReadonlySet<OperationId>
}

export const noPoison: PoisonWatch = { suspects: new Map(), poisoned: new Set() }

/** How a launch crashed. */
export interface CrashScene {
  /** The operations that this launch was sent and had not answered. */
  readonly unanswered: ReadonlyArray<OperationId>
  /** The suspect that was sent alone, if there was one: then only this one can be the cause. */
  readonly onProbation?: OperationId | undefined
  /** The launch had been healthy, so this crash has nothing to do with the one before. */
  readonly wasHealthy?: boolean
}

/** What is known after one more crash. An operation is set aside at its `maxCrashes`th in a row. */
export const afterCrash = (
  { poisoned, suspects }: PoisonWatch,
  { onProbation, unanswered, wasHealthy = false }: CrashScene,
  maxCrashes: number,
): PoisonWatch => {
  const cause = onProbation !== undefined && unanswered.includes(onProbation) ? onProbation : undefined
  const countOf = (operationId: OperationId): number => {
    const before = wasHealthy ? 0 : (suspects.get(operationId) ?? 0)
    // One that cannot be the cause stays a suspect, because it had no answer, and gets no further.
    return cause === undefined || cause === operationId ? before + 1 : Math.max(before, 1)
  }
  const counted = new Map(unanswered.map((operationId) => [operationId, countOf(operationId)]))
  const tooMany = [...counted].filter(([, crashes]) => crashes >= maxCrashes).map(([operationId]) => operationId)
  return {
    suspects: counted,
    poisoned: tooMany.length === 0 ? poisoned : new Set([...poisoned, ...tooMany]),
  }
}
