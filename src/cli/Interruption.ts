/**
 * What Ctrl-C does, and Ctrl-Break on Windows. The first one starts no new work, and waits until the work
 * that is under way has reached a safe point; the second one stops at once. If
 * no work is under way, the first one stops at once too. Either way the command
 * counts as canceled: only a resume, or a command on the same document,
 * continues it. A process that stays is asked to stop by the first one, and says
 * itself what it waits for.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { StopSignal } from "../platform/stopSignals.ts"
import { type CommandProgress, lastLineOf } from "./CommandProgress.ts"

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

/** What to do on a signal: stop at once, or print a message and wait for a safe point. */
export const onSignal = (
  interruption: Interruption,
  signal: StopSignal,
): { readonly stopNow: boolean; readonly message: string | undefined } => {
  if (interruption.staying !== undefined && !interruption.isRequested()) {
    if (signal === "SIGHUP") interruption.staying.onHangup()
    else interruption.request()
    return { stopNow: false, message: undefined }
  }
  const labels = interruption.progress?.underWay().map(({ label }) => label) ?? []
  if (interruption.isRequested() || labels.length === 0) return { stopNow: true, message: undefined }
  interruption.request()
  // After a hangup there is no terminal to press it in.
  const again = signal === "SIGHUP" ? "" : ` Press ${keyOf(signal)} again to stop immediately.`
  return {
    stopNow: false,
    message: `No new work will start; waiting for ${labels.join(", ")} to reach a safe point.${again}`,
  }
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
          if (Exit.hasInterrupts(exit)) interruption.lastLine = lastLineOf(progress)
        }),
      ),
    ),
  )
