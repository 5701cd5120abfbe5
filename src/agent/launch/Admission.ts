/**
 * Which calls a launch takes: so many at the same time, none while it is paused,
 * and none any more once it is retired. A call that is not taken was not sent.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"

/** What a launch takes, and the ways to change that. */
export interface Admission {
  /** Waits for a turn, and runs `call` while it has one. Runs `refused` in its place if nothing is taken by then. */
  readonly inTurn: <A, E>(call: Effect.Effect<A, E>, refused: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Whether nothing is taken now. */
  readonly isClosed: () => boolean
  /** Completes when no call has a turn. */
  readonly untilIdle: Effect.Effect<void>
  /** Takes nothing until `resume`. What has a turn goes on. */
  readonly pause: Effect.Effect<void>
  /** Waits for a moment at which no call has a turn, and pauses in that moment. Others are taken until then. */
  readonly pauseWhenIdle: Effect.Effect<void>
  /** Takes calls again, unless it is retired. */
  readonly resume: Effect.Effect<void>
  /** Takes nothing any more. What has a turn goes on. */
  readonly retire: Effect.Effect<void>
  /** Takes nothing any more, and completes when no call has a turn. */
  readonly drain: Effect.Effect<void>
  /** Takes nothing any more if no call has a turn, and returns whether that was so. */
  readonly retireIfIdle: Effect.Effect<boolean>
}

/** Takes `limit` calls at the same time; more wait for their turn. */
export const makeAdmission = (limit: number): Admission => {
  const turns = Semaphore.makeUnsafe(limit)
  let retired = false
  let paused = false
  const retire = Effect.sync(() => {
    retired = true
  })
  const pause = Effect.sync(() => {
    paused = true
  })
  const untilIdle = turns.withPermits(limit)(Effect.void)
  return {
    inTurn: (call, refused) => turns.withPermit(Effect.suspend(() => (retired || paused ? refused : call))),
    isClosed: () => retired || paused,
    untilIdle,
    pause,
    pauseWhenIdle: turns.withPermits(limit)(pause),
    resume: Effect.sync(() => {
      paused = false
    }),
    retire,
    drain: Effect.andThen(retire, untilIdle),
    retireIfIdle: Effect.map(turns.withPermitsIfAvailable(limit)(retire), Option.isSome),
  }
}
