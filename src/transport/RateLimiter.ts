/** Makes requests wait for the buckets of the places that they go to, each in its turn. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Rate } from "../protocol/RateLimit.ts"
import * as RunningTime from "./RunningTime.ts"
import { bucketOf, refilled, slowedDown, takeToken, type TokenBucket } from "./TokenBucket.ts"

/** The rate that holds now at a place. Undefined if there is none. */
export type CurrentRate = () => Rate | undefined

/** A request that has waited for the rate of its place. */
export interface RateWait {
  /** Where it goes. */
  readonly place: string
  /** The rate that it waited for. */
  readonly rate: Rate
  /** How long it has waited, in milliseconds. */
  readonly millis: number
  /** How many more wait at this place. */
  readonly waiting: number
}

export interface RateLimiter {
  /**
   * Completes when one more request may be made at a place. Those that wait are
   * served in the order in which they came. One that is interrupted has taken
   * nothing, and those behind it do not wait for it.
   */
  readonly take: (place: string, rate: CurrentRate) => Effect.Effect<void>
  /** The provider has throttled a request: the next ones come more slowly for a while. */
  readonly slowDown: (place: string) => void
  /** Rates have changed. What came at the old ones is kept, up to the new burst, and those that wait follow the new ones. */
  readonly changed: () => void
}

interface Place {
  readonly turn: Semaphore.Semaphore
  bucket: TokenBucket
  /** The rate at which tokens come now. */
  rate: Rate
  /** What the last request said of the rate. */
  current: CurrentRate
  waiting: number
}

/**
 * A limiter in which a place begins with `initialTokens(rate)`. `onWait` is
 * called with each request that had to wait, when it may be made.
 */
export const makeRateLimiter = (
  initialTokens: (rate: Rate) => number,
  onWait: (wait: RateWait) => Effect.Effect<void>,
): Effect.Effect<RateLimiter> =>
  Clock.clockWith((clock) =>
    Effect.sync((): RateLimiter => {
      const now = () => RunningTime.monotonicMillis(clock)
      const places = new Map<string, Place>()
      let change = Deferred.makeUnsafe<void>()

      const placeAt = (name: string, rate: Rate): Place => {
        const known = places.get(name)
        if (known !== undefined) return known
        const made: Place = {
          turn: Semaphore.makeUnsafe(1),
          bucket: bucketOf(Math.min(rate.burst, initialTokens(rate)), now()),
          rate,
          current: () => rate,
          waiting: 0,
        }
        places.set(name, made)
        return made
      }

      /** Takes a token, and says how long to wait if there is none. */
      const takeAt = (place: Place, rate: Rate, current: CurrentRate): number => {
        place.bucket = refilled(place.bucket, place.rate, now())
        place.rate = rate
        place.current = current
        const { bucket, waitMillis } = takeToken(place.bucket, rate, now())
        place.bucket = bucket
        return waitMillis
      }

      const waitAt = (place: Place, rate: CurrentRate): Effect.Effect<void> =>
        Effect.suspend(() => {
          const current = rate()
          if (current === undefined) return Effect.void
          const millis = takeAt(place, current, rate)
          return millis === 0
            ? Effect.void
            : Effect.andThen(
                Effect.raceFirst(Effect.sleep(wholeMillis(millis)), Deferred.await(change)),
                waitAt(place, rate),
              )
        })

      return {
        take: (name, rate) =>
          Effect.suspend(() => {
            const first = rate()
            if (first === undefined) return Effect.void
            const place = placeAt(name, first)
            if (place.waiting === 0 && takeAt(place, first, rate) === 0) return Effect.void
            const from = now()
            place.waiting += 1
            return place.turn
              .withPermit(waitAt(place, rate))
              .pipe(
                Effect.ensuring(Effect.sync(() => (place.waiting -= 1))),
                Effect.andThen(
                  Effect.suspend(() =>
                    onWait({ place: name, rate: place.rate, millis: now() - from, waiting: place.waiting }),
                  ),
                ),
              )
          }),
        slowDown: (name) => {
          const place = places.get(name)
          if (place !== undefined) place.bucket = slowedDown(place.bucket, place.rate, now())
        },
        changed: () => {
          for (const place of places.values()) {
            place.bucket = refilled(place.bucket, place.rate, now())
            place.rate = place.current() ?? place.rate
          }
          const before = change
          change = Deferred.makeUnsafe()
          Deferred.doneUnsafe(before, Effect.void)
        },
      }
    }),
  )

/** Timers have whole milliseconds, and one that comes too early would be set twice. */
const wholeMillis = (millis: number): Duration.Duration => Duration.millis(Math.ceil(millis - 1e-6))
