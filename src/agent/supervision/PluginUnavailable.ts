/** Why a plugin of the catalog has no operator to give: each says what to do. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"

/** One plugin: it was restarted too often, and waits to be released. */
export class PluginQuarantined extends Schema.TaggedError<PluginQuarantined>(
  "formae/agent/supervision/PluginQuarantined",
)("PluginQuarantined", {
  plugin: Schema.String,
  restarts: Schema.Int,
  /** How the last launch ended. */
  reason: Schema.String,
  /** When it was quarantined, in milliseconds since 1970. */
  at: Schema.Finite,
}) {
  override get message(): string {
    return `The plugin ${this.plugin} is quarantined since ${new Date(this.at).toISOString()}: it was restarted ${this.restarts} times, and then it ${this.reason}. "formae plugins release ${this.plugin}" brings it back`
  }
}

/** One call: the plugin was down for longer than the call could wait. */
export class PluginDown extends Schema.TaggedError<PluginDown>("formae/agent/supervision/PluginDown")("PluginDown", {
  plugin: Schema.String,
  waitedMillis: Schema.Finite,
  /** Why the plugin is down. */
  reason: Schema.String,
  /** When it is started next, from now; absent while it is being started. */
  nextAttemptMillis: Schema.optionalKey(Schema.Finite),
}) {
  override get message(): string {
    const next =
      this.nextAttemptMillis === undefined
        ? "it is being started"
        : `the next attempt is in ${Duration.format(Duration.millis(this.nextAttemptMillis))}`
    return `The plugin ${this.plugin} was not there for ${Duration.format(Duration.millis(this.waitedMillis))}: it ${this.reason}, and ${next}`
  }
}

/** One call: too many wait for this plugin already. */
export class PluginQueueFull extends Schema.TaggedError<PluginQueueFull>("formae/agent/supervision/PluginQueueFull")(
  "PluginQueueFull",
  { plugin: Schema.String, queued: Schema.Int, reason: Schema.String },
) {
  override get message(): string {
    return `The plugin ${this.plugin} is down (it ${this.reason}), and ${this.queued} calls wait for it already`
  }
}

/** One operation: it was in flight at two crashes in a row, and may be what makes the plugin crash. */
export class OperationPoisoned extends Schema.TaggedError<OperationPoisoned>(
  "formae/agent/supervision/OperationPoisoned",
)("OperationPoisoned", { plugin: Schema.String, operationId: Schema.String, reason: Schema.String }) {
  override get message(): string {
    return `The operation ${this.operationId} was set aside: the plugin ${this.plugin} crashed twice in a row while it ran (it ${this.reason})`
  }
}

/** One agent: it is stopping, and takes nothing new. */
export class AgentStopping extends Schema.TaggedError<AgentStopping>("formae/agent/supervision/AgentStopping")(
  "AgentStopping",
  { plugin: Schema.String },
) {
  override get message(): string {
    return `The plugin ${this.plugin} takes nothing new, because the agent is stopping`
  }
}

export type PluginUnavailable =
  | PluginStartFailed
  | PluginQuarantined
  | PluginDown
  | PluginQueueFull
  | OperationPoisoned
  | AgentStopping
