/**
 * What Ctrl-C does. The first one starts no new work, and waits until the work
 * that is under way has reached a safe point; the second one stops at once. If
 * no work is under way, the first one stops at once too.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

export interface Interruption {
  /** The labels of the work under way. Undefined while there is nothing to wait for. */
  underWay: (() => ReadonlyArray<string>) | undefined
  readonly request: () => void
  readonly isRequested: () => boolean
  /** Completes when a signal asks to stop at the next safe point. */
  readonly requested: Effect.Effect<void>
}

export const makeInterruption = (): Interruption => {
  const deferred = Deferred.makeUnsafe<void>()
  let isRequested = false
  return {
    underWay: undefined,
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

/** What to do on a signal: stop at once, or print a message and wait for a safe point. */
export const onSignal = (
  interruption: Interruption,
): { readonly stopNow: boolean; readonly message: string | undefined } => {
  const labels = interruption.underWay?.() ?? []
  if (interruption.isRequested() || labels.length === 0) return { stopNow: true, message: undefined }
  interruption.request()
  return {
    stopNow: false,
    message: `No new work will start; waiting for ${labels.join(", ")} to reach a safe point. Press Ctrl-C again to stop immediately.`,
  }
}

/** Runs `work`. While it runs, Ctrl-C waits for what `underWay` lists. */
export const interruptible = <A, E, R>(underWay: () => ReadonlyArray<string>, work: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Interruption, (interruption) =>
    Effect.suspend(() => {
      interruption.underWay = underWay
      return work
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          interruption.underWay = undefined
        }),
      ),
    ),
  )
