/** Runs a command as the process, and prints why it failed. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import type { CommandFailure } from "./CommandFailure.ts"
import { commandLogger } from "./commandLogger.ts"
import { printMistakes, printProgress } from "./Outputs.ts"
import { runMain } from "./runMain.ts"

export const runReported = (command: Effect.Effect<void, CommandFailure>): void =>
  command.pipe(
    Effect.tapError(({ lines, message }) => (message === "" ? Effect.void : printMistakes(lines ?? [message]))),
    Effect.tapDefect((defect) =>
      printProgress("formae crashed unexpectedly; this is a bug in formae.", Cause.pretty(Cause.die(defect))),
    ),
    Effect.provideService(References.MinimumLogLevel, "Warn"),
    Effect.provide(Logger.layer([commandLogger])),
    runMain,
  )
