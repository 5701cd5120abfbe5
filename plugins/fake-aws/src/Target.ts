/** The config of a FakeAWS target: which cloud it is, how slow it is, and what goes wrong there. */
import { Property } from "formae/plugin"
import { ErrorCode } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export const CallKind = Schema.Literals(["create", "read", "update", "delete", "status", "list", "recover"])
export type CallKind = typeof CallKind.Type

const unlabelled: ReadonlySet<CallKind> = new Set(["read", "delete", "list"])

/**
 * One thing that goes wrong in calls of `operation`. Its uses are counted in
 * the cloud, because a crash would otherwise happen again in each launch. Two
 * identical faults share one count: use `times` instead.
 */
export const Fault = Schema.Struct({
  operation: CallKind,
  /** A resource type. If left out, all of them. */
  type: Schema.optionalKey(Schema.String),
  /** The label is known in create, update, recover, and the status of a create. */
  label: Schema.optionalKey(Schema.String),
  /**
   * `before` or `after` the provider does its work; in either case before it
   * answers. `status`: in a status call of a create, where `operation` is
   * `create` or `status`.
   */
  when: Schema.Literals(["before", "after", "status"]),
  /**
   * `delay`: waits. `error`: fails with `code`. `crash`: kills the process.
   * `hang`: never answers. `stall`: blocks the event loop. `garbage`: writes
   * junk to file descriptor 1, bypassing the sealed stdout, and continues.
   */
  action: Schema.Literals(["delay", "error", "crash", "hang", "stall", "garbage"]),
  times: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  code: ErrorCode.pipe(Schema.withDecodingDefaultKey(Effect.succeed("Throttling" as const))),
  /** How long an error asks to wait before the next try. */
  retryAfterMillis: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  /** How long a delay (default 100) or a stall (default ten minutes) takes. */
  millis: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
}).check(
  Schema.makeFilter(({ label, operation, when }) => {
    // With a fault that can never happen, a test would pass for the wrong reason.
    if (when === "status" && operation !== "create" && operation !== "status") {
      return `Expected the operation create or status for a fault in a status call, not ${operation}`
    }
    return label === undefined || !unlabelled.has(operation) || `Expected no label, because ${operation} has none`
  }),
)
export type Fault = typeof Fault.Type

export const Target = Schema.Struct({
  /**
   * The SQLite file that holds the cloud: one account in one region, whatever
   * `region` says. Two regions need two files.
   */
  cloud: Property.identity(Schema.NonEmptyString.annotate({ examples: ["./cloud.db"] })),
  /** Appears in ARNs. */
  region: Property.identity(Schema.NonEmptyString.annotate({ examples: ["eu-west-1"] })),
  /** How long a resource takes to become ready after its create was accepted. With 0 it is ready at once. */
  settleMillis: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(20)),
  ),
  faults: Schema.Array(Fault).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
})
export type Target = typeof Target.Type
