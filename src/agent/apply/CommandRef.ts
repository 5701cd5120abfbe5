/** Which command something is part of. */
import * as Schema from "effect/Schema"

export const CommandRef = Schema.Struct({
  commandId: Schema.String,
  /** The name of the forma that it works on. */
  forma: Schema.String,
})
export type CommandRef = typeof CommandRef.Type
