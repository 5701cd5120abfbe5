/** How long the next call waits after one that was throttled: a decision, as a function of how the last one ended. */
import type { ProviderError } from "formae/plugin"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"

const firstMillis = 250
const longestMillis = 8_000

/** Twice as long after each call that was throttled, half as long after each that was not, and soon not at all. */
export const nextPauseMillis = (millis: number, exit: Exit.Exit<unknown, ProviderError>): number => {
  const isThrottled =
    Exit.isFailure(exit) &&
    exit.cause.reasons.some((reason) => Cause.isFailReason(reason) && reason.error.code === "Throttling")
  if (isThrottled) return Math.min(Math.max(millis * 2, firstMillis), longestMillis)
  return millis <= firstMillis ? 0 : millis / 2
}
