/** Why there is no operator to be had: each is a condition, and says what to do. */
import * as Schema from "effect/Schema"

/** No plugin of the catalog serves the namespace. */
export class NamespaceUnknown extends Schema.TaggedError<NamespaceUnknown>("formae/agent/plugins/NamespaceUnknown")(
  "NamespaceUnknown",
  {
    namespace: Schema.String,
    known: Schema.Array(Schema.String),
    /** A plugin that serves it and was not taken, with the reason. */
    refused: Schema.optionalKey(Schema.String),
  },
) {
  override get message(): string {
    const known = this.known.length === 0 ? "none is known" : `known are: ${this.known.join(", ")}`
    const refused = this.refused === undefined ? "" : `. One was found and not taken: ${this.refused}`
    return `No plugin serves the namespace ${this.namespace}; ${known}${refused}`
  }
}

/** A launch did not get as far as its handshake. */
export class PluginStartFailed extends Schema.TaggedError<PluginStartFailed>("formae/agent/plugins/PluginStartFailed")(
  "PluginStartFailed",
  {
    plugin: Schema.String,
    generation: Schema.Int,
    /** The module that was run. */
    entry: Schema.String,
    reason: Schema.String,
    /** The last lines that the process printed. */
    output: Schema.Array(Schema.String),
  },
) {
  override get message(): string {
    const output = this.output.length === 0 ? "" : `. It printed:\n${this.output.map((line) => `  ${line}`).join("\n")}`
    return `The plugin ${this.plugin} did not start (${this.entry}): ${this.reason}${output}`
  }
}

/** The plugin crashed more often than its restart policy allows. */
export class PluginCrashed extends Schema.TaggedError<PluginCrashed>("formae/agent/plugins/PluginCrashed")(
  "PluginCrashed",
  { plugin: Schema.String, restarts: Schema.Int, lastEnd: Schema.String },
) {
  override get message(): string {
    return `The plugin ${this.plugin} was restarted ${this.restarts} times and crashed again: ${this.lastEnd}. The next operation starts it anew`
  }
}

export type PluginUnavailable = PluginStartFailed | PluginCrashed
