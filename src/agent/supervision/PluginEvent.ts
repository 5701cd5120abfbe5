/** What supervision reports, as data. */
import * as Schema from "effect/Schema"
import { StartFailure } from "../launch/StartFailure.ts"

const launch = { plugin: Schema.String, generation: Schema.Int }

/** What happens to a plugin, for host applications. Times and delays are in milliseconds. */
export const PluginEvent = Schema.TaggedUnion({
  /** A process is being started. */
  Launched: launch,
  /** The handshake is done, and the plugin serves operations. */
  Ready: { ...launch, pid: Schema.Int, version: Schema.String },
  /** The launch did not complete its handshake. */
  StartFailed: { ...launch, reason: Schema.String, cause: StartFailure },
  /** Calls are outstanding, and the plugin has been silent for a while. */
  Suspect: { ...launch, silentMillis: Schema.Finite },
  /** It was silent for too long and is killed. `frames` says where it hung, innermost first. */
  Stalled: {
    ...launch,
    silentMillis: Schema.Finite,
    frames: Schema.Array(Schema.String),
    operations: Schema.Array(Schema.String),
  },
  /** The launch ended although the agent had not asked it to. `operations` were in flight. */
  Crashed: { ...launch, reason: Schema.String, operations: Schema.Array(Schema.String) },
  /** It was idle and above its cap of memory: a new launch follows at once. */
  Recycled: { ...launch, residentMiB: Schema.Finite },
  RestartingIn: { ...launch, delayMillis: Schema.Finite },
  /** It was restarted too often, and is not started again until it is released. `at` is in milliseconds since 1970. */
  Quarantined: { plugin: Schema.String, restarts: Schema.Int, reason: Schema.String, at: Schema.Finite },
  Released: { plugin: Schema.String },
  /** An operation was in flight at too many crashes in a row (`limits.operationCrashes`), and is not sent again. */
  Poisoned: { plugin: Schema.String, operationId: Schema.String },
  /** It accepts nothing new; `operations` are still in flight. */
  Draining: { ...launch, operations: Schema.Array(Schema.String) },
  /** The launch ended because the agent had asked it to. */
  Stopped: launch,
  /** A line on its stdout that is not a frame. */
  Junk: { ...launch, line: Schema.String },
})
export type PluginEvent = typeof PluginEvent.Type | never
