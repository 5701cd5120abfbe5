import type { SqlError } from "effect/sql/SqlError"
import type { StateInUse } from "./StateInUse.ts"
import type { StateTaken } from "./StateTaken.ts"

/** Why something was not written to the state: it cannot be written, or it is not this agent's to write. */
export type StateError = SqlError | StateInUse | StateTaken

/** The tags of `StateError`. */
export const stateErrorTags = ["SqlError", "StateInUse", "StateTaken"] as const

/** Whether an error says that nothing can be written to the state now, so that no command can continue. */
export const isStateError = (error: { readonly _tag: string }): error is StateError =>
  stateErrorTags.some((tag) => tag === error._tag)
