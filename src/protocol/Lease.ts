/**
 * How long a plugin may act, where its agent may act for a time only: as a
 * member of a cluster, which another one replaces when it is silent.
 */
import * as Schema from "effect/Schema"

/**
 * Counts the times for which the agent could act without a break, from 1. What
 * was begun in one term is not continued in the next: another agent may have
 * acted in between.
 */
export const LeaseTerm = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
export type LeaseTerm = typeof LeaseTerm.Type

/**
 * Lets a plugin act. The time is counted from the moment at which it has read
 * the `Lease` before this one, or the handshake if this is the first. So it does
 * not matter how long this one was on its way.
 */
export class LeaseRequest extends Schema.Opaque<LeaseRequest>()(
  Schema.Struct({
    /** The term in which the agent may act now. */
    term: LeaseTerm,
    /** For how long the plugin may act, in milliseconds. */
    remainingMillis: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  }),
) {}
