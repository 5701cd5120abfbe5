/** Runs the command as a process: its signals and its exit code. */
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import { isWindows, thisPlatform } from "../platform/Platform.ts"
import { signalCodes, type StopSignal, stopSignalsOf } from "../platform/stopSignals.ts"
import { endEarlyHangup, hasHungUp } from "./earlyHangup.ts"
import { hangupTraces } from "./hangupTraces.ts"
import { ignoresHangup } from "./ignoresHangup.ts"
import { Interruption, makeInterruption, onSignal } from "./Interruption.ts"
import { keepRunning, whenRead, writeNotice } from "./Outputs.ts"

/** Ends the process once its output has been read: `process.exit` alone would cut a pipe off after 64 KiB. */
const leave = (code: number, signals: ReadonlyArray<StopSignal>): void => {
  const end = () => process.exit(code)
  process.exitCode = code
  // If a reader hangs, a second signal ends the process.
  for (const signal of signals) process.on(signal, end)
  whenRead(end)
}

/** Runs `program` to its end. An error of it has been printed, and may have an exit code (`Runtime.errorExitCode`). */
export const runMain = <E>(program: Effect.Effect<void, E>): void => {
  keepRunning()
  const interruption = makeInterruption()
  const ignored = !isWindows(thisPlatform) && ignoresHangup(hangupTraces())
  // Node has set the signal back to its default, which is to end the process.
  if (ignored) process.on("SIGHUP", () => undefined)
  // Nothing has begun, so it ends the process as if nobody had listened.
  else if (hasHungUp()) process.exit(signalCodes.SIGHUP)
  const signals = stopSignalsOf(thisPlatform).filter((signal) => !ignored || signal !== "SIGHUP")
  const run = Runtime.makeRunMain(({ fiber, teardown }) => {
    interruption.stop = () => fiber.interruptUnsafe(fiber.id)
    const listen = (signal: StopSignal) => {
      const { message, stopNow } = onSignal(interruption, signal)
      if (message !== undefined) writeNotice(message)
      if (stopNow) interruption.stop()
    }
    for (const signal of signals) process.on(signal, listen)
    fiber.addObserver((exit) => {
      if (interruption.lastLine !== undefined) writeNotice(interruption.lastLine)
      const stopped = interruption.staying?.hasStopped === true ? undefined : interruption.received
      teardown(exit, (code) => leave(stopped === undefined ? code : signalCodes[stopped], signals))
    })
  })
  run(Effect.provideService(program, Interruption, interruption), { disableErrorReporting: true })
  endEarlyHangup()
}
