/** Random strikes as data: what happens to which host, when, and for how long. The same seed gives the same course. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { type HostName, hostNames } from "./Hosts.ts"

/**
 * `kill`: the runner, by SIGKILL. `pause`: the runner stands still, its plugins do
 * not. `freeze`: both do, as on a machine that is paused. `cut`: it does not reach
 * the database. `stop`: it is stopped as by Ctrl-C.
 */
export const strikes = ["kill", "pause", "freeze", "cut", "stop"] as const
export type StrikeKind = (typeof strikes)[number]

export interface Strike {
  readonly kind: StrikeKind
  readonly host: HostName
  /** In milliseconds from the beginning. It waits for the end of an earlier strike at its host. */
  readonly at: number
  /** How long it takes until the host comes back, in milliseconds. */
  readonly lasts: number
}

export type Course = ReadonlyArray<Strike>

/** Between two strikes, in milliseconds. */
const gap = { least: 300, most: 3_000 }

/** Shorter and longer than a lease of the fast times. */
const lasting = { least: 200, most: 9_000 }

/** Goes through all kinds in turn, so that a short course has each. */
export const courseOf = (seed: string, millis: number): Effect.Effect<Course> =>
  Effect.gen(function* () {
    const course: Array<Strike> = []
    const order = yield* Random.shuffle(strikes)
    const next = Random.nextIntBetween(gap.least, gap.most)
    for (let at = yield* next; at < millis; at += yield* next) {
      course.push({
        kind: order[course.length % order.length] ?? "kill",
        host: yield* Effect.orDie(Random.choice(hostNames)),
        at,
        lasts: yield* Random.nextIntBetween(lasting.least, lasting.most),
      })
    }
    return course
  }).pipe(Random.withSeed(seed))

export const describeCourse = (course: Course): string =>
  course.map(({ at, host, kind, lasts }) => `${kind} ${host} at ${at} ms for ${lasts} ms`).join(", ")
