/** Stdout and stderr of the command. A reader that is gone, or a full disk behind them, must not end the work. */
import * as Effect from "effect/Effect"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"

/** Keeps Node from ending the process when nothing can be written any more. */
export const keepRunning = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined)
}

/** Prints a line of progress on stderr, if that is possible. */
export const printProgress = (line: string): Effect.Effect<void> =>
  Effect.sync(() => void process.stderr.write(`${line}\n`))

/** Prints what the command ends with on stdout. Fails with the exit code 1 if it cannot be written. */
export const printLast = (text: string): Effect.Effect<void, CommandFailure> =>
  Effect.callback((resume) => {
    process.stdout.write(`${text}\n`, (error) =>
      resume(
        error === undefined || error === null
          ? Effect.void
          : Effect.fail(
              new CommandFailure({
                exitCode: exitCodes.failed,
                message: `The result could not be written to stdout: ${error.message}`,
              }),
            ),
      ),
    )
  })
