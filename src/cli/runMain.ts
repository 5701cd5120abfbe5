/** Runs the command as a process: its signals and its exit code. */
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import { Interruption, makeInterruption, onSignal } from "./Interruption.ts"

/** The exit codes that shells use for a process that a signal ended: 128 plus the number of the signal. */
const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const
type StopSignal = keyof typeof signalCodes
const stopSignals = Object.keys(signalCodes) as ReadonlyArray<StopSignal>

/** Ends the process once its output has been read: `process.exit` alone would cut a pipe off after 64 KiB. */
const leave = (code: number): void => {
  const end = () => process.exit(code)
  process.exitCode = code
  // Do not wait for a reader that is gone. If a reader hangs, a second signal ends the process.
  process.stdout.on("error", end)
  for (const signal of stopSignals) process.on(signal, end)
  process.stdout.write("", () => process.stderr.write("", end))
}

/** Runs `program` to its end. An error of it has been printed, and may have an exit code (`Runtime.errorExitCode`). */
export const runMain = <E>(program: Effect.Effect<void, E>): void => {
  const interruption = makeInterruption()
  const run = Runtime.makeRunMain(({ fiber, teardown }) => {
    let received: StopSignal | undefined
    const listen = (signal: StopSignal) => {
      received = signal
      const { message, stopNow } = onSignal(interruption)
      if (message !== undefined) process.stderr.write(`${message}\n`)
      if (stopNow) fiber.interruptUnsafe(fiber.id)
    }
    for (const signal of stopSignals) process.on(signal, listen)
    fiber.addObserver((exit) => teardown(exit, (code) => leave(received === undefined ? code : signalCodes[received])))
  })
  run(Effect.provideService(program, Interruption, interruption), { disableErrorReporting: true })
}
