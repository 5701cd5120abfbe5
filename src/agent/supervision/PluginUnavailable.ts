/** Why a plugin of the catalog has no operator now. Each error says what to do, and how far it reaches. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { formatTime } from "../../protocol/formatTime.ts"
import { UndescribedTypes } from "../launch/UndescribedTypes.ts"
import { PluginStartFailed } from "../launch/PluginStartFailed.ts"

export { messageWithoutOutput } from "../launch/PluginStartFailed.ts"

/** The plugin was restarted too often and waits to be released (`PluginCoordinator.release`). Reaches all callers of the plugin. */
export class PluginQuarantined extends Schema.TaggedError<PluginQuarantined>(
  "formae/agent/supervision/PluginQuarantined",
)("PluginQuarantined", {
  /** The name of the plugin. */
  plugin: Schema.String,
  /** How often it was restarted since its last healthy launch. */
  restarts: Schema.Int,
  /** How the last launch ended. */
  reason: Schema.String,
  /** When it was quarantined, in milliseconds since 1970. */
  at: Schema.Finite,
}) {
  override get message(): string {
    return `The plugin ${this.plugin} has been quarantined since ${formatTime(this.at)}: it was restarted ${this.restarts} times, and then it ${this.reason}. It is not started again until it is released`
  }
}

/** The configuration says that the plugin must not be used. Reaches all callers of the plugin. */
export class PluginDisabled extends Schema.TaggedError<PluginDisabled>("formae/agent/supervision/PluginDisabled")(
  "PluginDisabled",
  {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** The namespace that it serves. */
    namespace: Schema.String,
    /** Where that is said, such as a place in a configuration file. */
    by: Schema.String,
  },
) {
  override get message(): string {
    return `The plugin ${this.plugin}, which serves the namespace ${this.namespace}, is disabled by ${this.by}. To use it, enable it there`
  }
}

/** The plugin was down for longer than a call may wait. Reaches this call. */
export class PluginDown extends Schema.TaggedError<PluginDown>("formae/agent/supervision/PluginDown")("PluginDown", {
  /** The name of the plugin. */
  plugin: Schema.String,
  /** How long the call has waited, in milliseconds. */
  waitedMillis: Schema.Finite,
  /** Why the plugin is down. */
  reason: Schema.String,
  /** The time until it is started next; absent while it is being started. */
  nextAttemptMillis: Schema.optionalKey(Schema.Finite),
}) {
  override get message(): string {
    const next =
      this.nextAttemptMillis === undefined
        ? "it is being started"
        : `the next attempt is in ${Duration.format(Duration.millis(this.nextAttemptMillis))}`
    return `The plugin ${this.plugin} was not available for ${Duration.format(Duration.millis(this.waitedMillis))}: it ${this.reason}, and ${next}`
  }
}

/** Too many calls are waiting for this plugin already. Reaches this call. */
export class PluginQueueFull extends Schema.TaggedError<PluginQueueFull>("formae/agent/supervision/PluginQueueFull")(
  "PluginQueueFull",
  {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** How many calls are waiting. */
    queued: Schema.Int,
    /** Why the plugin is down. */
    reason: Schema.String,
  },
) {
  override get message(): string {
    return `The plugin ${this.plugin} is down (it ${this.reason}), and ${this.queued} calls are already waiting for it`
  }
}

/** The operation had no answer at too many crashes in a row and may be their cause. Reaches this operation. */
export class OperationPoisoned extends Schema.TaggedError<OperationPoisoned>(
  "formae/agent/supervision/OperationPoisoned",
)("OperationPoisoned", {
  /** The name of the plugin. */
  plugin: Schema.String,
  /** The operation that was set aside. */
  operationId: Schema.String,
  /** How many crashes in a row set it aside. */
  crashes: Schema.Int,
  /** How the plugin crashed at the last of them. */
  reason: Schema.String,
}) {
  override get message(): string {
    const often = this.crashes === 1 ? "once" : this.crashes === 2 ? "twice in a row" : `${this.crashes} times in a row`
    return `The operation ${this.operationId} was set aside: the plugin ${this.plugin} crashed ${often} while it ran (it ${this.reason})`
  }
}

/** The agent is stopping and accepts nothing new. Reaches all its callers. */
export class AgentStopping extends Schema.TaggedError<AgentStopping>("formae/agent/supervision/AgentStopping")(
  "AgentStopping",
  {
    /** The name of the plugin that was wanted. */
    plugin: Schema.String,
  },
) {
  override get message(): string {
    return `The plugin ${this.plugin} accepts nothing new because the agent is stopping`
  }
}

/** All reasons why a plugin of the catalog has no operator now. */
export const PluginUnavailable = Schema.Union([
  PluginStartFailed,
  PluginQuarantined,
  PluginDisabled,
  PluginDown,
  PluginQueueFull,
  OperationPoisoned,
  AgentStopping,
  UndescribedTypes,
])
export type PluginUnavailable = typeof PluginUnavailable.Type | never
