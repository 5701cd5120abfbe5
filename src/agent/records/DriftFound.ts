/** What a sync has found to be new about the drift of a resource, for an agent that keeps a log. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { InventoryRow } from "./InventoryRow.ts"
import { driftChange, type LastRead } from "./LastRead.ts"

/** Places and no values. */
export interface DriftFound {
  readonly forma: string
  readonly label: string
  readonly type: string
  /** The places that differ since now. One that is empty is the whole resource, which is gone. */
  readonly appeared: ReadonlyArray<string>
  /** The places that differ no longer. */
  readonly ended: ReadonlyArray<string>
}

/** Is told what is new. It must return at once. */
export const DriftObserver = Context.Reference<(found: DriftFound) => Effect.Effect<void>>(
  "formae/agent/records/DriftObserver",
  { defaultValue: () => () => Effect.void },
)

/** Tells an observer what a read has found, where it is not what the one before has found. */
export const reportDrift =
  (observe: (found: DriftFound) => Effect.Effect<void>) =>
  ({ forma, label, lastRead: before, type }: InventoryRow, now: LastRead): Effect.Effect<void> => {
    const change = driftChange(before, now)
    return change === undefined ? Effect.void : observe({ forma, label, type, ...change })
  }
