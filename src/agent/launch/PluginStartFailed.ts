import * as Schema from "effect/Schema"
import { describeStartFailure, StartFailure } from "./StartFailure.ts"

/** Stands in a message before what the plugin has printed. */
const outputMark = ". It printed:\n"

/** A message of a plugin that did not start, without what the plugin has printed, which may have a secret in it. */
export const messageWithoutOutput = (message: string): string => message.split(outputMark, 1)[0] ?? ""

/** A launch did not complete its handshake. Reaches that launch, and the callers that waited for it. */
export class PluginStartFailed extends Schema.TaggedError<PluginStartFailed>("formae/agent/launch/PluginStartFailed")(
  "PluginStartFailed",
  {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** The number of the launch: 1 for the first one. */
    generation: Schema.Int,
    /** The module that was run. */
    entry: Schema.String,
    /** Why it did not start, as data. */
    cause: StartFailure,
    /** The last lines that the process printed. */
    output: Schema.Array(Schema.String),
  },
) {
  /** The cause in words. */
  get reason(): string {
    return describeStartFailure(this.cause)
  }

  override get message(): string {
    const output = this.output.length === 0 ? "" : `${outputMark}${this.output.map((line) => `  ${line}`).join("\n")}`
    return `The plugin ${this.plugin} did not start (${this.entry}): ${this.reason}${output}`
  }
}
