/** Measures how long a command took, with the time for which it waited for others and for an answer. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { errorNameOf } from "../../transport/SpanReport.ts"
import { commandDuration, measure } from "../metrics/Metrics.ts"
import type { CommandName, CommandResult } from "./CommandResult.ts"

export const measureCommand =
  (command: CommandName) =>
  <E, R>(run: Effect.Effect<CommandResult, E, R>): Effect.Effect<CommandResult, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (begunAt) =>
      Effect.onExit(run, (exit) =>
        Effect.flatMap(Clock.currentTimeMillis, (endedAt) =>
          measure(commandDuration, (endedAt - begunAt) / 1_000, {
            "formae.command": command,
            "error.type": exit._tag === "Success" && exit.value.status === "failed" ? "Failed" : errorNameOf(exit),
          }),
        ),
      ),
    )
