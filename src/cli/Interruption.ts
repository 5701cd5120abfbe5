/**
 * What Ctrl-C does. The first one lets what is under way reach its next safe
 * point, and says what it waits for; the second one stops at once. Where
 * nothing is under way that could be cut off, the first one stops at once too.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

export interface Interruption {
  /** The labels of what is under way, or undefined while there is nothing to wait for. */
  underWay: (() => ReadonlyArray<string>) | undefined
  readonly request: () => void
  readonly isRequested: () => boolean
  /** Completes with the first Ctrl-C that waits. */
  readonly requested: Effect.Effect<void>
}

export const makeInterruption = (): Interruption => {
  const made = Deferred.makeUnsafe<void>()
  let requested = false
  return {
    underWay: undefined,
    isRequested: () => requested,
    requested: Deferred.await(made),
    request: () => {
      requested = true
      Deferred.doneUnsafe(made, Exit.void)
    },
  }
}

export const Interruption = Context.Reference<Interruption>("formae/cli/Interruption", {
  defaultValue: makeInterruption,
})

/** Whether a signal asks to stop, to be waited for, or is to stop at once. */
export const onSignal = (
  interruption: Interruption,
): { readonly stopNow: boolean; readonly says: string | undefined } => {
  const waitsFor = interruption.underWay?.() ?? []
  if (interruption.isRequested() || waitsFor.length === 0) return { stopNow: true, says: undefined }
  interruption.request()
  return {
    stopNow: false,
    says: `No new work will start; waiting for ${waitsFor.join(", ")} to reach a safe point. Press Ctrl-C again to stop immediately.`,
  }
}

/** Runs `work`, during which Ctrl-C waits for what `underWay` tells. */
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
