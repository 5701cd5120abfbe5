/** Prints how long a command is without a runner. Only `npm run survival -- --take-over` asks for it. */
import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { afterAll } from "vitest"
import { startPostgres } from "../../postgres/startPostgres.ts"
import { measuredKinds, measureTakeOver, phases } from "./takeOverTimes.ts"

const thousand = 1_000

const server = await startPostgres()
afterAll(server.stop)

describe("a runner that is killed, paused or cut from its database", () => {
  it.live(
    "is followed",
    () =>
      Effect.gen(function* () {
        for (const times of ["fast", "default"] as const) {
          for (const kind of measuredKinds) {
            const measured = yield* measureTakeOver(server, kind, times)
            const cells = phases.map((phase) => `${(measured[phase] / thousand).toFixed(1)} s`)
            process.stdout.write(`| ${kind}, ${times} | ${cells.join(" | ")} |\n`)
          }
        }
      }),
    900_000,
  )
})
