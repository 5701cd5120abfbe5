/** Which command something is part of. */
import * as Schema from "effect/Schema"

/** Identifies a command. */
export class CommandRef extends Schema.Opaque<CommandRef>()(
  Schema.Struct({
    /** A UUID. The journals and the events name the command by it. */
    commandId: Schema.String,
    /** The name of the forma that the command applies or destroys. */
    forma: Schema.String,
  }),
) {}
