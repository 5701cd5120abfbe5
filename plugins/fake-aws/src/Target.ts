/** The config of a FakeAWS target: which cloud, how slow it is, and what goes wrong there. */
import { Property } from "formae/plugin"
import { ErrorCode } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export const CallKind = Schema.Literals(["create", "read", "update", "delete", "status", "list", "recover"])
export type CallKind = typeof CallKind.Type

const unlabelled: ReadonlySet<CallKind> = new Set(["read", "delete", "list"])

/**
 * One thing that goes wrong, in the calls of `operation`. Its uses are counted
 * in the cloud, because a crash would otherwise fire again in each launch. Two
 * faults that are written alike share one count: use `times`.
 */
export const Fault = Schema.Struct({
  operation: CallKind,
  /** A resource type. Left out: all of them. */
  type: Schema.optionalKey(Schema.String),
  /** Known in create, in update, in recover, and in the status of a create. */
  label: Schema.optionalKey(Schema.String),
  /**
   * `before` or `after` what the provider does for the call, and ahead of the
   * answer; `status`: in a status call of a create, where `operation` is `create` or `status`.
   */
  when: Schema.Literals(["before", "after", "status"]),
  /**
   * `delay`: waits. `error`: fails with `code`. `crash`: the process is killed.
   * `hang`: never answers. `stall`: blocks the event loop. `garbage`: writes
   * junk to file descriptor 1, past any seal, and goes on.
   */
  action: Schema.Literals(["delay", "error", "crash", "hang", "stall", "garbage"]),
  times: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  code: ErrorCode.pipe(Schema.withDecodingDefaultKey(Effect.succeed("Throttling" as const))),
  /** How long a delay (100) or a stall (ten minutes) takes. */
  millis: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
}).check(
  Schema.makeFilter(({ label, operation, when }) => {
    // A fault that can not fire is a mistake in a test that would pass for the wrong reason.
    if (when === "status" && operation !== "create" && operation !== "status") {
      return `Expected create or status as the operation of a fault in a status call, and not ${operation}`
    }
    return label === undefined || !unlabelled.has(operation) || `Expected no label, because ${operation} has none`
  }),
)
export type Fault = typeof Fault.Type

export const Target = Schema.Struct({
  /**
   * The SQLite file that is the cloud: one account in one region, whatever
   * `region` says. Whoever wants two regions names two files.
   */
  cloud: Property.identity(Schema.NonEmptyString),
  /** Part of each ARN. */
  region: Property.identity(Schema.NonEmptyString),
  /** How long a resource takes to be ready after its create was accepted. 0: it is ready with the answer. */
  settleMillis: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(20)),
  ),
  faults: Schema.Array(Fault).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
})
export type Target = typeof Target.Type
