/** What the agent tells a plugin about retries, polls and logs. Sent in the handshake. */
import * as Schema from "effect/Schema"

const positiveMillis = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** How a recoverable provider failure is tried again: exponential from `baseMillis`, factor 2, jittered. */
export const RetrySettings = Schema.Struct({
  /** How many more times a failed call is made, at the most. */
  maxRetries: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  baseMillis: positiveMillis,
  capMillis: positiveMillis,
})
export type RetrySettings = typeof RetrySettings.Type

/** How accepted work is asked about: from `baseMillis`, times `factor` each time, up to `capMillis`. */
export const PollSettings = Schema.Struct({
  baseMillis: positiveMillis,
  factor: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1)),
  capMillis: positiveMillis,
})
export type PollSettings = typeof PollSettings.Type

export const LogLevel = Schema.Literals(["Debug", "Info", "Warn", "Error"])
export type LogLevel = typeof LogLevel.Type

export const OperatorSettings = Schema.Struct({
  retry: RetrySettings,
  poll: PollSettings,
  /** How long one call of the provider may take. */
  callTimeoutMillis: positiveMillis,
  logLevel: LogLevel,
})
export type OperatorSettings = typeof OperatorSettings.Type

/** The precedents of these numbers are in ARCHITECTURE.md. */
export const defaultOperatorSettings: OperatorSettings = {
  retry: { maxRetries: 9, baseMillis: 500, capMillis: 30_000 },
  poll: { baseMillis: 250, factor: 1.5, capMillis: 5_000 },
  callTimeoutMillis: 60_000,
  logLevel: "Info",
}
