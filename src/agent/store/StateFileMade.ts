/** A host that tells its own states from those of others has to know of a new one at once. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** What is done once the file of a new state was made, while it is still empty. By default nothing. */
export const StateFileMade = Context.Reference<(file: string) => Effect.Effect<void>>(
  "formae/agent/store/StateFileMade",
  { defaultValue: () => () => Effect.void },
)
