/** Sends what a command does as telemetry, where the variables of OpenTelemetry say so. */
import * as Effect from "effect/Effect"
import { wantsTelemetry } from "./wantsTelemetry.ts"

/** `command` is the name of what was typed, such as `apply`. */
export const withTelemetry =
  (command: string) =>
  <E, R>(program: Effect.Effect<void, E, R>): Effect.Effect<void, E, R> =>
    Effect.suspend(() => {
      // Nobody would see a span.
      if (!wantsTelemetry(process.env)) return Effect.withTracerEnabled(program, false)
      return Effect.gen(function* () {
        const { exporting } = yield* Effect.promise(() => import("./exporting.ts"))
        return yield* exporting(process.env, command, program)
      })
    })
