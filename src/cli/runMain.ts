/** Runs the command as the process: signals, and the exit code. */
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import { CommandEnded, exitCodes } from "./CommandFailure.ts"
import { Interruption, makeInterruption, onSignal } from "./Interruption.ts"

/** As a shell tells the end by a signal: 128 and its number. */
const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const
type StopSignal = keyof typeof signalCodes

/** What was to be said has been said, and the exit code is the rest of it. */
const exitCodeOf = (cause: Cause.Cause<unknown>): number => {
  if (Cause.hasInterruptsOnly(cause)) return signalCodes.SIGINT
  const error = Cause.squash(cause)
  if (error instanceof CommandEnded) return error.exitCode
  return CliError.isCliError(error) ? exitCodes.badInput : exitCodes.failed
}

/** Ends the process when what it has printed has been taken: `process.exit` would cut a pipe off after 64 KiB. */
const leave = (code: number): void => {
  const end = () => process.exit(code)
  process.exitCode = code
  // A reader that has gone takes nothing more, and one that does not read is given up by another signal.
  process.stdout.on("error", end)
  for (const signal of Object.keys(signalCodes)) process.on(signal, end)
  process.stdout.write("", () => process.stderr.write("", end))
}

export const runMain = <E>(program: Effect.Effect<void, E>): void => {
  const interruption = makeInterruption()
  const run = Runtime.makeRunMain(({ fiber }) => {
    let received: StopSignal | undefined
    const listen = (signal: StopSignal) => {
      received = signal
      const { says, stopNow } = onSignal(interruption)
      if (says !== undefined) process.stderr.write(`${says}\n`)
      if (stopNow) fiber.interruptUnsafe(fiber.id)
    }
    const signals = Object.keys(signalCodes) as ReadonlyArray<StopSignal>
    for (const signal of signals) process.on(signal, listen)
    fiber.addObserver((exit) => {
      const code = exit._tag === "Success" ? 0 : exitCodeOf(exit.cause)
      leave(received === undefined ? code : signalCodes[received])
    })
  })
  run(Effect.provideService(program, Interruption, interruption), { disableErrorReporting: true })
}
