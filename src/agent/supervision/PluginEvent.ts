/** What supervision reports, as data. */
import * as Schema from "effect/Schema"

const launch = { plugin: Schema.String, generation: Schema.Int }

export const PluginEvent = Schema.TaggedUnion({
  /** A process is being started. */
  Launched: launch,
  /** The handshake is done: operations are served. */
  Ready: { ...launch, pid: Schema.Int, version: Schema.String },
  StartFailed: { ...launch, reason: Schema.String },
  /** The launch ended, and nobody had asked for it. */
  Crashed: { ...launch, reason: Schema.String },
  RestartingIn: { ...launch, delayMillis: Schema.Finite },
  /** The launch ended as it was asked to. */
  Stopped: launch,
})
export type PluginEvent = typeof PluginEvent.Type
