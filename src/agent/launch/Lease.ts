/**
 * For how long this agent may act, where another one takes over its work when it
 * is silent: as a member of a cluster. By default there is no lease, and nothing
 * here costs anything.
 *
 * The lease counts from before its renewal was sent, so it ends before the
 * one that gave it lets another agent act. A plugin gets the rest of it (`PluginFence`).
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { LeaseTerm } from "../../protocol/Lease.ts"
import { LeaseEnded } from "../../protocol/OperatorError.ts"
import { after, makeNow, millisBetween, type Moment, never, untilPast } from "../../transport/LeaseTime.ts"

/** A time in which the agent may act without a break. */
export interface HeldTerm {
  /** Counts the terms of this agent, from 1. */
  readonly term: LeaseTerm
  /** Whether it is over. Then it stays so, also if the lease is renewed. */
  readonly isOver: () => boolean
  /** Completes when it is over. */
  readonly over: Effect.Effect<void>
  /** When it will be over, unless it is renewed. */
  readonly end: () => Moment
}

/** The lease of an agent. */
export interface AgentLease {
  /** What is left of it: nothing once it has ended. */
  readonly remaining: Effect.Effect<Duration.Duration>
  /** The term that runs. Undefined before the first renewal, and from the end of the lease until the next one. */
  readonly current: () => HeldTerm | undefined
  /** Completes at the next renewal. */
  readonly renewed: Effect.Effect<void>
}

/** A lease, and what renews it. */
export interface RenewableLease {
  readonly lease: AgentLease
  /**
   * Runs a renewal, which gives a lease of this duration if it succeeds and
   * `isRenewed` says so of its result. It counts from before the renewal began.
   */
  readonly renewBy: <A, E, R>(
    duration: Duration.Input,
    renewal: Effect.Effect<A, E, R>,
    isRenewed?: (result: A) => boolean,
  ) => Effect.Effect<A, E, R>
  /** The present moment. */
  readonly now: () => Moment
  /** How many milliseconds are left of a duration that began at a moment. Less than none where it is over. */
  readonly leftOf: (moment: Moment, millis: number) => number
  /** Ends the lease at once: this agent has given back what it held. */
  readonly giveUp: Effect.Effect<void>
}

/** The lease of this agent. Undefined, by default, where nothing limits it. */
export const Lease: Context.Reference<AgentLease | undefined> = Context.Reference<AgentLease | undefined>(
  "formae/agent/launch/Lease",
  { defaultValue: () => undefined },
)

/** The term in which the work of this fiber has begun. Undefined where that does not matter: then an operation belongs to the term in which it is sent. */
export const CurrentTerm: Context.Reference<HeldTerm | undefined> = Context.Reference<HeldTerm | undefined>(
  "formae/agent/launch/Lease/CurrentTerm",
  { defaultValue: () => undefined },
)

/** The end of the agent's own lease, as the end of an operation. */
export const agentLeaseEnded = (begun: boolean): LeaseEnded =>
  new LeaseEnded({ message: "The time for which this agent may act is over", begun })

/**
 * Runs work whose operations belong to the term that runs now: once it is over,
 * none of them is sent any more, also if the lease is renewed. Fails with
 * `LeaseEnded` if no term runs. Without a lease it is the work itself.
 */
export const inCurrentTerm = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E | LeaseEnded, R> =>
  Effect.flatMap(Lease, (lease): Effect.Effect<A, E | LeaseEnded, R> => {
    if (lease === undefined) return work
    const term = lease.current()
    return term === undefined ? Effect.fail(agentLeaseEnded(false)) : Effect.provideService(work, CurrentTerm, term)
  })

/** Makes a lease that has ended, until it is renewed. */
export const makeLease: Effect.Effect<RenewableLease> = Effect.map(makeNow, (now): RenewableLease => {
  let term = 0
  let end = never
  let held: HeldTerm | undefined
  let renewed = Deferred.makeUnsafe<void>()
  const isPast = () => millisBetween(now(), end) <= 0

  const begin = (number: number): HeldTerm => ({
    term: LeaseTerm.make(number),
    isOver: () => number !== term || isPast(),
    over: untilPast(now, () => (number === term ? end : never)),
    end: () => (number === term ? end : never),
  })
  const renewUntil = (next: Moment) => {
    if (millisBetween(now(), next) <= 0) return
    if (held === undefined || held.isOver()) {
      term += 1
      held = begin(term)
    }
    if (millisBetween(end, next) > 0) end = next
    const waiting = renewed
    renewed = Deferred.makeUnsafe()
    Deferred.doneUnsafe(waiting, Effect.void)
  }
  return {
    now,
    leftOf: (moment, millis) => millisBetween(now(), after(moment, millis)),
    lease: {
      remaining: Effect.sync(() => Duration.millis(Math.max(millisBetween(now(), end), 0))),
      current: () => (held?.isOver() === false ? held : undefined),
      renewed: Effect.suspend(() => Deferred.await(renewed)),
    },
    renewBy: (duration, renewal, isRenewed = () => true) =>
      Effect.suspend(() => {
        const sentAt = now()
        return Effect.map(renewal, (result) => {
          if (isRenewed(result)) renewUntil(after(sentAt, Duration.toMillis(Duration.fromInputUnsafe(duration))))
          return result
        })
      }),
    giveUp: Effect.sync(() => {
      end = never
    }),
  }
})
