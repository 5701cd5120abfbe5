/** Which command something is part of. */
import * as Schema from "effect/Schema"

/** Identifies a command. */
export const CommandRef = Schema.Struct({
  commandId: Schema.String,
  /** The name of the forma that the command applies or destroys. */
  forma: Schema.String,
})
export type CommandRef = typeof CommandRef.Type
