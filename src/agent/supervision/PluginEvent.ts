/** What supervision reports, as data. */
import * as Schema from "effect/Schema"
import { OperatorSettings } from "../../protocol/Settings.ts"
import { StartFailure } from "../launch/StartFailure.ts"

const launch = {
  /** The name of the plugin. */
  plugin: Schema.String,
  /** The number of the launch: 1 for the first one. */
  generation: Schema.Int,
}

/** An intersection, because a spread would lose the comments. */
const ofLaunch = <Fields>(fields: Fields): typeof launch & Fields => ({ ...launch, ...fields })

/**
 * What happens to a plugin, for host applications. Times and delays are in
 * milliseconds.
 *
 * - `Launched`: a process is being started.
 * - `Ready`: the handshake is done, and the plugin serves operations.
 * - `StartFailed`: the launch did not complete its handshake.
 * - `Suspect`: calls are outstanding, and the plugin has been silent for a
 *   while.
 * - `Stalled`: it was silent for too long and is killed. `frames` says where it
 *   hung, innermost first.
 * - `Crashed`: the launch ended although the agent had not asked it to.
 *   `operations` were in flight.
 * - `LeaseEnded`: the guard ended it, because the lease of the agent was over: a
 *   new launch follows at once. `operations` were in flight.
 * - `Recycled`: it was idle and above its cap of memory: a new launch follows at
 *   once.
 * - `Recycling`: what it is launched with has changed, and no call is under way,
 *   or none could be waited for any longer: a new launch is started in its place.
 * - `Replaced`: the new launch serves, and this one is stopped.
 * - `RecycleFailed`: the new launch did not start. This one serves on, with what
 *   it was launched with.
 * - `IdleStopped`: the launch was stopped because nobody used it. The next caller
 *   has the plugin started again.
 * - `RestartingIn`: it has crashed and is started again after a delay.
 * - `Quarantined`: it was restarted too often, and is not started again until it
 *   is released. `at` is in milliseconds since 1970.
 * - `Released`: its quarantine has ended: the next caller has it started again.
 * - `Disabled`: the configuration says that it must not be used. A launch that
 *   served was stopped.
 * - `Enabled`: it may be used again: the next caller has it started.
 * - `Poisoned`: an operation had no answer at too many crashes in a row
 *   (`limits.operationCrashes`), and is not sent again.
 * - `Configured`: its operators have new settings, a running plugin from its
 *   next operation on.
 * - `Draining`: it accepts nothing new; `operations` are still in flight.
 * - `Stopped`: the launch ended because the agent had asked it to.
 * - `Junk`: a line on its stdout that is not a frame.
 */
export const PluginEvent = Schema.TaggedUnion({
  Launched: launch,
  Ready: ofLaunch({
    /** The process id. A plugin that is linked in has that of the agent. */
    pid: Schema.Int,
    /** The version of the plugin. */
    version: Schema.String,
  }),
  StartFailed: ofLaunch({
    /** The cause in words. */
    reason: Schema.String,
    /** The cause as data. */
    cause: StartFailure,
  }),
  Suspect: ofLaunch({
    /** How long it has been silent, in milliseconds. */
    silentMillis: Schema.Finite,
  }),
  Stalled: ofLaunch({
    /** How long it was silent, in milliseconds. */
    silentMillis: Schema.Finite,
    /** Where it hung, innermost first. Empty if that is not known. */
    frames: Schema.Array(Schema.String),
    /** The ids of the operations that were in flight. */
    operations: Schema.Array(Schema.String),
  }),
  Crashed: ofLaunch({
    /** How it ended, in words. */
    reason: Schema.String,
    /** The ids of the operations that were in flight. */
    operations: Schema.Array(Schema.String),
  }),
  LeaseEnded: ofLaunch({
    /** The ids of the operations that were in flight. */
    operations: Schema.Array(Schema.String),
  }),
  Recycled: ofLaunch({
    /** The memory that it used, in MiB. */
    residentMiB: Schema.Finite,
  }),
  Recycling: launch,
  Replaced: ofLaunch({
    /** The number of the new launch. */
    by: Schema.Int,
  }),
  RecycleFailed: ofLaunch({
    /** Why the new launch did not start. */
    reason: Schema.String,
  }),
  IdleStopped: launch,
  RestartingIn: ofLaunch({
    /** The time until its next launch, in milliseconds. */
    delayMillis: Schema.Finite,
  }),
  Quarantined: {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** How often it was restarted since its last healthy launch. */
    restarts: Schema.Int,
    /** How the last launch ended. */
    reason: Schema.String,
    /** In milliseconds since 1970. */
    at: Schema.Finite,
  },
  Released: {
    /** The name of the plugin. */
    plugin: Schema.String,
  },
  Disabled: {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** Where that is said, such as a place in a configuration file. */
    by: Schema.String,
  },
  Enabled: {
    /** The name of the plugin. */
    plugin: Schema.String,
  },
  Poisoned: {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** The operation that was set aside. */
    operationId: Schema.String,
  },
  Configured: {
    /** The name of the plugin. */
    plugin: Schema.String,
    /** How its operators retry, poll and log from now on. */
    settings: OperatorSettings,
  },
  Draining: ofLaunch({
    /** The ids of the operations that are still in flight. */
    operations: Schema.Array(Schema.String),
  }),
  Stopped: launch,
  Junk: ofLaunch({
    /** How long the line is, in characters. */
    characters: Schema.Int,
    /** The line, cut after 500 characters. Left out where events are kept or given to others: it may have a secret in it. */
    line: Schema.optionalKey(Schema.String),
  }),
})
export type PluginEvent = typeof PluginEvent.Type | never
