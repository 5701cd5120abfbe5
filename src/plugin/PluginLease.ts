/**
 * How long this plugin may act. An agent that may act for a time only says so by
 * `Lease`; for any other one, nothing here does anything.
 *
 * A time counts from a moment that was before the agent sent it: that of the
 * `Lease` before, which the agent has had the answer to. So a frame that lay in
 * the pipe while the agent was stopped gives no time that is over already.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { LeaseRequest, LeaseTerm } from "../protocol/Lease.ts"
import { LeaseEnded } from "../protocol/OperatorError.ts"
import { after, makeNow, millisBetween, never, untilPast } from "../transport/LeaseTime.ts"

/** What an operation holds from its begin to its end. */
export interface HeldLease {
  /** Whether it must not call its provider any more. Once it is over it stays so. */
  readonly isOver: () => boolean
  /** Completes when it is over. */
  readonly over: Effect.Effect<void>
}

/** The lease of the operation that runs. Undefined where the agent has none. */
export const CurrentLease: Context.Reference<HeldLease | undefined> = Context.Reference<HeldLease | undefined>(
  "formae/plugin/PluginLease/CurrentLease",
  { defaultValue: () => undefined },
)

export interface PluginLease {
  /** The agent has sent its handshake: the time of its first lease counts from now. */
  readonly begin: Effect.Effect<void>
  readonly renew: (request: LeaseRequest) => Effect.Effect<void>
  /**
   * The lease of an operation that arrives in this term. Undefined, and for free,
   * where the agent has none. Fails if the term is over.
   */
  readonly hold: (term: LeaseTerm | undefined) => Effect.Effect<HeldLease, LeaseEnded> | undefined
}

export const makePluginLease: Effect.Effect<PluginLease> = Effect.map(makeNow, (now): PluginLease => {
  let term: LeaseTerm | undefined
  let end = never
  let readAt = never
  /** Counts the times for which this plugin could act without a break. The agent's own term may go on when a renewal comes too late here. */
  let stretch = 0
  const isPast = () => millisBetween(now(), end) <= 0
  return {
    begin: Effect.sync(() => {
      readAt = now()
    }),
    renew: (request) =>
      Effect.sync(() => {
        if (term !== request.term || isPast()) stretch += 1
        term = request.term
        end = after(readAt, request.remainingMillis)
        readAt = now()
      }),
    hold: (asked) => {
      if (term === undefined && asked === undefined) return undefined
      if (isPast() || (asked !== undefined && asked !== term)) {
        return Effect.fail(new LeaseEnded({ message: notBegun, begun: false }))
      }
      const held = stretch
      const isOver = () => held !== stretch || isPast()
      return Effect.succeed({ isOver, over: untilPast(now, () => (held === stretch ? end : never)) })
    },
  }
})

const notBegun = "The time for which the agent may act was over when this arrived: nothing was done"
const stopped = "The time for which the agent may act is over: nothing more is done"

/** Runs a part of an operation as long as its lease holds, and then gives it up. */
export const whileHeld = <A, E>(lease: HeldLease, part: Effect.Effect<A, E>): Effect.Effect<A, E | LeaseEnded> =>
  Effect.suspend(() => {
    const ended = Effect.fail(new LeaseEnded({ message: stopped, begun: true }))
    return lease.isOver()
      ? ended
      : Effect.raceFirst(Effect.provideService(part, CurrentLease, lease), Effect.andThen(lease.over, ended))
  })

/**
 * Makes a call of the provider, unless the lease is over. Then it does nothing
 * until it is given up: after a stop of the process, a timer of the call may
 * come before that of the lease.
 */
export const ifHeld = <A, E, R>(lease: HeldLease | undefined, call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  lease?.isOver() === true ? Effect.never : call
