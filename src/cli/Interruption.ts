/**
 * What Ctrl-C does, and Ctrl-Break on Windows. The first one starts no new work, and waits until the work
 * that is under way has reached a safe point; the second one stops at once. If
 * no work is under way, the first one stops at once too. Either way the command
 * counts as canceled: only a resume, or a command on the same document,
 * continues it. A process that stays is asked to stop by the first one, and says
 * itself what it waits for. What a command does on an agent in another process
 * goes on without the command: see Detaching.ts.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { StopSignal } from "../platform/stopSignals.ts"
import { type CommandProgress, lastLineOf } from "./CommandProgress.ts"
import { detachedLineOf, type Detaching, onSignalElsewhere } from "./Detaching.ts"

/** A process that stays until it is asked to stop. */
export interface Staying {
  /** A hangup does not stop it. */
  readonly onHangup: () => void
  /** Whether it has stopped as it was asked to, so that its exit code is its own. */
  hasStopped: boolean
}

export interface Interruption {
  /** Undefined in a command, which ends by itself. */
  staying: Staying | undefined
  /** How far the command has come. Undefined while there is nothing to wait for. */
  progress: CommandProgress | undefined
  /** Where the work is done by an agent in another process, which goes on without this one. */
  detaching: Detaching | undefined
  /** The signal that decides the exit code. */
  received: StopSignal | undefined
  /** Ends the command at once. */
  stop: () => void
  /** What to print last, if the command was stopped at once. */
  lastLine: string | undefined
  readonly request: () => void
  readonly isRequested: () => boolean
  /** Completes when a signal asks to stop at the next safe point. */
  readonly requested: Effect.Effect<void>
}

export const makeInterruption = (): Interruption => {
  const deferred = Deferred.makeUnsafe<void>()
  let isRequested = false
  return {
    staying: undefined,
    progress: undefined,
    detaching: undefined,
    received: undefined,
    stop: () => undefined,
    lastLine: undefined,
    isRequested: () => isRequested,
    requested: Deferred.await(deferred),
    request: () => {
      isRequested = true
      Deferred.doneUnsafe(deferred, Exit.void)
    },
  }
}

export const Interruption = Context.Reference<Interruption>("formae/cli/Interruption", {
  defaultValue: makeInterruption,
})

const keyOf = (signal: StopSignal): string => (signal === "SIGBREAK" ? "Ctrl-Break" : "Ctrl-C")

/** What follows from a signal. */
export interface SignalAnswer {
  readonly stopNow: boolean
  readonly message: string | undefined
}

const quietly: SignalAnswer = { stopNow: false, message: undefined }
const atOnce: SignalAnswer = { stopNow: true, message: undefined }

/** What to do on a signal: stop at once, or print a message and wait for a safe point. */
export const onSignal = (interruption: Interruption, signal: StopSignal): SignalAnswer => {
  interruption.received = signal
  const { detaching, progress, staying } = interruption
  if (staying !== undefined && !interruption.isRequested()) {
    if (signal === "SIGHUP") staying.onHangup()
    else interruption.request()
    return quietly
  }
  if (interruption.isRequested()) return atOnce
  const elsewhere = detaching === undefined ? "here" : onSignalElsewhere(detaching, signal, progress)
  if (elsewhere === "asking") return quietly
  return elsewhere === "detached" ? atOnce : cancel(interruption, signal)
}

/** Waits for a safe point. Stops at once where nothing is under way. */
export const cancel = (interruption: Interruption, signal: StopSignal): SignalAnswer => {
  const labels = interruption.progress?.underWay().map(({ label }) => label) ?? []
  if (labels.length === 0) return atOnce
  interruption.request()
  // After a hangup there is no terminal to press it in.
  const again = signal === "SIGHUP" ? "" : ` Press ${keyOf(signal)} again to stop immediately.`
  const message = `No new work will start; waiting for ${labels.join(", ")} to reach a safe point.${again}`
  return { stopNow: false, message }
}

/** Runs `work`. While it runs, Ctrl-C waits for what is under way. */
export const interruptible = <A, E, R>(progress: CommandProgress, work: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Interruption, (interruption) =>
    Effect.suspend(() => {
      interruption.progress = progress
      return work
    }).pipe(
      Effect.onExit((exit) =>
        Effect.sync(() => {
          interruption.progress = undefined
          if (!Exit.hasInterrupts(exit)) return
          const isDetached = interruption.detaching?.isDetached === true
          interruption.lastLine = isDetached ? detachedLineOf(progress) : lastLineOf(progress)
        }),
      ),
    ),
  )
