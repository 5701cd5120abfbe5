/** The bounds and limits of one launch. */
import * as Schema from "effect/Schema"
import { defaultHealthSettings, HealthSettings } from "./Health.ts"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** The bounds of the steps in which a plugin is stopped. */
export class StopSettings extends Schema.Opaque<StopSettings>()(
  Schema.Struct({
    /** The time for calls in flight to end. */
    drainMillis: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
    /** The time from the end of its stdin to SIGTERM. */
    inputEndedMillis: positive,
    /** The time from SIGTERM to SIGKILL, both for the whole process group. */
    terminateMillis: positive,
  }),
) {}

/** What a plugin may use, and how many calls may run and wait. Times are in milliseconds. */
export class PluginLimits extends Schema.Opaque<PluginLimits>()(
  Schema.Struct({
    /** The size of V8's old generation in MiB, if it is to be less than what Node chooses. */
    heapMiB: Schema.optionalKey(positive),
    /** The cap of resident memory in MiB: a plugin above it is restarted when it is idle. */
    residentMiB: Schema.optionalKey(positive),
    /** How many operations may be in flight at the same time; more wait for their turn. */
    callsInFlight: positive,
    /** How long one operation may be in flight, including retries and polls. */
    operationMillis: positive,
    /**
     * An operation that had no answer at this many crashes in a row is set aside,
     * and the plugin continues without it. The crash of a launch that was healthy
     * counts as the first.
     */
    operationCrashes: positive,
    /** How many callers may wait for a plugin that is down; more are refused. */
    queued: positive,
    /** How long a caller waits for a plugin that is down. */
    queueMillis: positive,
    /** How many lines of its log are passed on each second; more are counted and dropped. */
    logLinesPerSecond: positive,
  }),
) {}

/** The bounds and limits of one launch. Times are in milliseconds. */
export class LaunchSettings extends Schema.Opaque<LaunchSettings>()(
  Schema.Struct({
    /** The time from the spawn to the answer of the handshake. */
    handshakeMillis: positive,
    /** How the silence of a plugin is measured. */
    health: HealthSettings,
    /** The bounds of the steps in which it is stopped. */
    stop: StopSettings,
    /** What it may use, and how many calls may run and wait. */
    limits: PluginLimits,
  }),
) {}

/** The precedents of these numbers are in ARCHITECTURE.md. */
export const defaultLaunchSettings: LaunchSettings = {
  handshakeMillis: 10_000,
  health: defaultHealthSettings,
  stop: { drainMillis: 30_000, inputEndedMillis: 2_000, terminateMillis: 5_000 },
  limits: {
    callsInFlight: 64,
    operationMillis: 3_600_000,
    operationCrashes: 2,
    queued: 1_024,
    queueMillis: 60_000,
    logLinesPerSecond: 200,
  },
}
