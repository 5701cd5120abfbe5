/** How a plugin is to retry, poll and log. The agent sends this in the handshake. */
import * as Schema from "effect/Schema"
import { RateLimit } from "./RateLimit.ts"

const positiveMillis = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/**
 * How a call is retried after a recoverable failure: first after `baseMillis`
 * (milliseconds), then each time after twice as long, at most `capMillis`, with
 * jitter.
 */
export class RetrySettings extends Schema.Opaque<RetrySettings>()(
  Schema.Struct({
    /** How many times a failed call is made again, at most. */
    maxRetries: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
    /** The delay before the first retry. */
    baseMillis: positiveMillis,
    /** The longest delay. */
    capMillis: positiveMillis,
  }),
) {}

/**
 * How accepted work is polled: first after `baseMillis` (milliseconds), then
 * each time `factor` later than before, at most `capMillis`.
 */
export class PollSettings extends Schema.Opaque<PollSettings>()(
  Schema.Struct({
    /** The delay before the first poll. */
    baseMillis: positiveMillis,
    /** Each further delay is so many times as long as the one before. */
    factor: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1)),
    /** The longest delay. */
    capMillis: positiveMillis,
  }),
) {}

/** How important a log record is, from the least to the most. */
export const LogLevel = Schema.Literals(["Debug", "Info", "Warn", "Error"])
export type LogLevel = typeof LogLevel.Type | never

/** How an operator runs operations: its retries, polls, time limit and log level. */
export class OperatorSettings extends Schema.Opaque<OperatorSettings>()(
  Schema.Struct({
    /** How a call is retried after a recoverable failure. */
    retry: RetrySettings,
    /** How accepted work is polled, unless the type has settings of its own. */
    poll: PollSettings,
    /** How long one call of the provider may take, in milliseconds. */
    callTimeoutMillis: positiveMillis,
    /** The lowest level that is logged. */
    logLevel: LogLevel,
    /** How many requests of the provider are made at each place. Left out: as many as there are to make. Needs the feature `rateLimit`. */
    rateLimit: Schema.optionalKey(RateLimit),
  }),
) {}

/** The settings of an agent that sets none. ARCHITECTURE.md says where the numbers come from. */
export const defaultOperatorSettings: OperatorSettings = {
  retry: { maxRetries: 9, baseMillis: 500, capMillis: 30_000 },
  poll: { baseMillis: 250, factor: 1.5, capMillis: 5_000 },
  callTimeoutMillis: 60_000,
  logLevel: "Info",
}
