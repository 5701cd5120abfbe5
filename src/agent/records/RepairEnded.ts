/** How a repair has ended, for an agent that keeps a log. Nobody else asks for its end. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

export interface RepairEnded {
  readonly commandId: string
  /** The name of its forma. */
  readonly forma: string
  /** `left` is one that the next agent goes on with. */
  readonly ending: "succeeded" | "failed" | "canceled" | "refused" | "left"
}

/** Is told of each end. It must return at once. */
export const RepairObserver = Context.Reference<(ended: RepairEnded) => Effect.Effect<void>>(
  "formae/agent/records/RepairObserver",
  { defaultValue: () => () => Effect.void },
)
