/**
 * What a plugin reports of its own work beside the log: a line of its stderr.
 * It is written only for an agent that has announced the feature `telemetry`.
 */
import * as Schema from "effect/Schema"

/** How long the name of a span, and a text among its attributes, may be, in characters. */
export const maxSpanText = 256

const hexDigits = (count: number) => Schema.String.check(Schema.isPattern(new RegExp(`^[0-9a-f]{${count}}$`)))
const nanoseconds = Schema.String.check(Schema.isPattern(/^[0-9]{1,20}$/))
const shortText = Schema.String.check(Schema.isMaxLength(maxSpanText))

/** A value of an attribute: it never holds a secret. */
const SpanAttribute = Schema.Union([shortText, Schema.Finite, Schema.Boolean])

/** A span that has ended: a piece of work in a trace, with its parent. */
export class ReportedSpan extends Schema.Opaque<ReportedSpan>()(
  Schema.Struct({
    /** The trace that it belongs to: 32 hexadecimal digits. */
    traceId: hexDigits(32),
    /** Its own id: 16 hexadecimal digits. */
    spanId: hexDigits(16),
    /** The id of the span in which it was done. Left out by the first span of a trace. */
    parentSpanId: Schema.optionalKey(hexDigits(16)),
    /** What was done, such as `provider.Create`. At most 256 characters. */
    name: shortText,
    /** Its role: `server` answers a call, `client` makes one, `internal` does neither. */
    kind: Schema.Literals(["internal", "server", "client"]),
    /** When it began, in nanoseconds since 1970, as decimal digits. */
    start: nanoseconds,
    /** When it ended, in nanoseconds since 1970, as decimal digits. */
    end: nanoseconds,
    /** How it failed, as a name such as `Throttling` and never as a message. Left out if it did not. */
    error: Schema.optionalKey(shortText),
    /** Further facts by name. At most 32. */
    attributes: Schema.optionalKey(
      Schema.Record(shortText, SpanAttribute).check(
        Schema.makeFilter((attributes) => Object.keys(attributes).length <= 32, { expected: "at most 32 attributes" }),
      ),
    ),
  }),
) {}

/** How requests have waited for the rate limit since the record before. */
export class RateLimitWaits extends Schema.Opaque<RateLimitWaits>()(
  Schema.Struct({
    /** How many requests had to wait. */
    count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
    /** How long all of them have waited together, in milliseconds. */
    millis: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  }),
) {}

/** A record, as the JSON object that stands on one line of stderr. */
export class TelemetryRecord extends Schema.Opaque<TelemetryRecord>()(
  Schema.Struct({
    /** The version of this shape. It tells a record from other JSON that a program may print. */
    _telemetry: Schema.Literal(1),
    /** Spans of calls whose request named a trace. At most 256. */
    spans: Schema.optionalKey(Schema.Array(ReportedSpan).check(Schema.isMaxLength(256))),
    /** How many spans were left out since the record before, because there were too many. */
    droppedSpans: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
    /** What has waited for the rate limit. */
    rateLimit: Schema.optionalKey(RateLimitWaits),
  }),
) {}
