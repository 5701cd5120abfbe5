/** Why a plugin that serves cannot be asked for the schemas of its types. */
import * as Schema from "effect/Schema"

/** The plugin did not give the schemas of its types. Reaches the command that needs them. */
export class UndescribedTypes extends Schema.TaggedError<UndescribedTypes>("formae/agent/launch/UndescribedTypes")(
  "UndescribedTypes",
  {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** What was wrong with its answer. */
    reason: Schema.String,
  },
) {
  override get message(): string {
    return `The plugin ${this.plugin} did not describe its types: ${this.reason}. Upgrade it, or tell its author`
  }
}
