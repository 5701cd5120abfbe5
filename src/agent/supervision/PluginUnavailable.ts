/** Why a plugin of the catalog has no operator to give. */
import * as Schema from "effect/Schema"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"

/** The plugin crashed more often than its restart policy allows. */
export class PluginCrashed extends Schema.TaggedError<PluginCrashed>("formae/agent/supervision/PluginCrashed")(
  "PluginCrashed",
  { plugin: Schema.String, restarts: Schema.Int, lastEnd: Schema.String },
) {
  override get message(): string {
    return `The plugin ${this.plugin} was restarted ${this.restarts} times and crashed again: ${this.lastEnd}. The next operation starts it anew`
  }
}

export type PluginUnavailable = PluginStartFailed | PluginCrashed
