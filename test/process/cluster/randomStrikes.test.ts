/** P3, P17 with real processes: three runners on one database. */
import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { afterAll } from "vitest"
import { startPostgres } from "../../postgres/startPostgres.ts"
import { isWhole } from "../../shortForm.ts"
import { courseOf, describeCourse } from "./Course.ts"
import { type Lived, liveThroughStrikes } from "./liveThroughStrikes.ts"

const server = await startPostgres()
afterAll(server.stop)

/** `npm run survival -- --cluster` sets other values. */
const { FORMAE_MINUTES: minutes = isWhole ? "10" : "0", FORMAE_SEED: seed = "1" } = process.env

const clients = 6

/** How long the strikes of one life last. */
const lifeMillis = isWhole ? 45_000 : 10_000

const minuteMillis = 60_000

const live = Effect.fnUntraced(function* (ofLife: string) {
  const course = yield* courseOf(ofLife, lifeMillis)
  const explain = (cause: unknown) =>
    new Error(
      `seed ${ofLife}: ${describeCourse(course)}: ${Predicate.isError(cause) ? cause.message : String(cause)}`,
      { cause },
    )
  const lived = yield* liveThroughStrikes(server, { seed: ofLife, course, clients }).pipe(
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )
  if (isWhole) process.stdout.write(`${ofLife}: ${lineOf(lived)}; ${describeCourse(course)}\n`)
})

const lineOf = ({ calls, clients: all, commands }: Lived) =>
  `${commands} commands and ${calls} calls, the longest command took ${Math.round(Math.max(...all.map(({ longestMillis }) => longestMillis)))} ms`

describe("three runners that are killed, paused, frozen, cut off and stopped at random, and then restarted one after another, while clients apply", () => {
  it.live(
    `fail no command, do nothing twice, and leave nothing behind (seed ${seed})`,
    () =>
      Effect.gen(function* () {
        const until = performance.now() + Number(minutes) * minuteMillis
        let lives = 0
        do {
          yield* live(`${seed}:${lives}`)
          lives += 1
        } while (performance.now() < until)
      }),
    isWhole ? 36_000_000 : 180_000,
  )
})
