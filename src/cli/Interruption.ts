/**
 * What Ctrl-C does. The first one lets what is under way end, and says what it
 * waits for; the second one stops at once. Where nothing is under way that
 * could be cut off, the first one stops at once too.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

export interface Interruption {
  /** The labels of what is under way, or undefined while there is nothing to wait for. */
  underWay: (() => ReadonlyArray<string>) | undefined
  requested: boolean
}

export const Interruption = Context.Reference<Interruption>("formae/cli/Interruption", {
  defaultValue: () => ({ underWay: undefined, requested: false }),
})

/** Whether a signal asks to stop, to be waited for, or is to stop at once. */
export const onSignal = (
  interruption: Interruption,
): { readonly stopNow: boolean; readonly says: string | undefined } => {
  const waitsFor = interruption.underWay?.() ?? []
  if (interruption.requested || waitsFor.length === 0) return { stopNow: true, says: undefined }
  interruption.requested = true
  return {
    stopNow: false,
    says: `Stopping. Nothing new is begun; waiting for ${waitsFor.join(", ")}. Once more stops at once.`,
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
