/** What supervision reports, as data. Host applications subscribe to it. */
import * as Schema from "effect/Schema"
import { StartFailure } from "../launch/StartFailure.ts"

const launch = { plugin: Schema.String, generation: Schema.Int }

export const PluginEvent = Schema.TaggedUnion({
  /** A process is being started. */
  Launched: launch,
  /** The handshake is done: operations are served. */
  Ready: { ...launch, pid: Schema.Int, version: Schema.String },
  /** The launch did not get as far as its handshake. */
  StartFailed: { ...launch, reason: Schema.String, cause: StartFailure },
  /** Calls are outstanding, and nothing was heard for a while. */
  Suspect: { ...launch, silentMillis: Schema.Finite },
  /** It was silent for too long, and is killed. `frames` is where it hung, innermost first. */
  Stalled: {
    ...launch,
    silentMillis: Schema.Finite,
    frames: Schema.Array(Schema.String),
    operations: Schema.Array(Schema.String),
  },
  /** The launch ended, and nobody had asked for it. `operations` are those that were in flight. */
  Crashed: { ...launch, reason: Schema.String, operations: Schema.Array(Schema.String) },
  /** It was above its cap of memory, and idle: a new launch follows at once. */
  Recycled: { ...launch, residentMiB: Schema.Finite },
  RestartingIn: { ...launch, delayMillis: Schema.Finite },
  /** Restarted too often: it is not started again before it is released. */
  Quarantined: { plugin: Schema.String, restarts: Schema.Int, reason: Schema.String, at: Schema.Finite },
  Released: { plugin: Schema.String },
  /** An operation was in flight at two crashes in a row, and is not sent again. */
  Poisoned: { plugin: Schema.String, operationId: Schema.String },
  /** It takes nothing new; `operations` are still under way. */
  Draining: { ...launch, operations: Schema.Array(Schema.String) },
  /** The launch ended as it was asked to. */
  Stopped: launch,
  /** A line on its stdout that is no frame. */
  Junk: { ...launch, line: Schema.String },
})
export type PluginEvent = typeof PluginEvent.Type
