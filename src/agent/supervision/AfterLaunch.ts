/**
 * What follows the end of a launch, as a function of (history, end, now, rule).
 * `LaunchSeries` carries it out and `explainPolicy` prints it. ARCHITECTURE.md
 * shows the table, and a table test has every row.
 */
import * as Duration from "effect/Duration"
import { isCrash, type LaunchOutcome } from "../launch/LaunchOutcome.ts"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import { isStartCrash } from "../launch/StartFailure.ts"
import { addRestart } from "./RestartIntensity.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"

/** How a launch ended: after its handshake, because nobody used it, or before its handshake. */
export type LaunchResult =
  | { readonly _tag: "Ended"; readonly outcome: LaunchOutcome; readonly servedMillis: number }
  | { readonly _tag: "IdleStopped"; readonly servedMillis: number }
  | { readonly _tag: "StartFailed"; readonly error: PluginStartFailed }

/** What the decision needs to know of earlier launches. */
export interface RestartHistory {
  /** The times of the restarts that still count toward the intensity. */
  readonly restarts: ReadonlyArray<number>
  /** Whether a launch has served since a caller last had the plugin started. */
  readonly hasServed: boolean
}

export const noHistory: RestartHistory = { restarts: [], hasServed: false }

export type Decision =
  /** The agent had asked it to end: the next launch follows at once, and nothing is counted. */
  | { readonly _tag: "Replace" }
  /** The next launch follows after the delay. With an error, waiting callers fail with it now; else they keep waiting. */
  | { readonly _tag: "Restart"; readonly delayMillis: number; readonly error?: PluginStartFailed }
  /** The next caller has it started again, at once if one waits already. Nothing is counted. */
  | { readonly _tag: "Rest" }
  /** It is not started again until it is released. */
  | { readonly _tag: "Quarantine"; readonly restarts: number }
  /** Waiting callers fail with the error now. The next caller has it started again. */
  | { readonly _tag: "GiveUp"; readonly error: PluginStartFailed }

/** A restart policy with what its schedule says at this point. */
export interface RestartRule extends Pick<RestartPolicy, "intensity" | "healthyPeriod"> {
  /** The delay before this restart; undefined when the schedule has ended or was not read. */
  readonly delayMillis: number | undefined
}

export interface AfterLaunch {
  readonly decision: Decision
  readonly history: RestartHistory
}

const wasHealthy = (end: LaunchResult, { healthyPeriod }: Pick<RestartPolicy, "healthyPeriod">): boolean =>
  end._tag !== "StartFailed" && end.servedMillis >= Duration.toMillis(healthyPeriod)

const isCounted = (end: LaunchResult): boolean =>
  end._tag === "StartFailed" || (end._tag === "Ended" && isCrash(end.outcome))

/**
 * How to read the schedule of a policy before the decision: from its start
 * after a healthy launch, and one delay further for what counts as a restart.
 */
export const readingOf = (
  end: LaunchResult,
  policy: Pick<RestartPolicy, "healthyPeriod">,
): { readonly fromStart: boolean; readonly next: boolean } => ({
  fromStart: wasHealthy(end, policy),
  next: isCounted(end),
})

export const afterLaunch = (
  history: RestartHistory,
  end: LaunchResult,
  now: number,
  rule: RestartRule,
): AfterLaunch => {
  const hasServed = history.hasServed || end._tag !== "StartFailed"
  const earlier = wasHealthy(end, rule) ? [] : history.restarts
  if (end._tag === "IdleStopped") return { decision: { _tag: "Rest" }, history: { restarts: earlier, hasServed } }
  if (end._tag === "Ended" && !isCrash(end.outcome)) {
    return { decision: { _tag: "Replace" }, history: { restarts: earlier, hasServed } }
  }

  const { exceeded, history: restarts } = addRestart(earlier, now, rule.intensity)
  const decide = (): Decision => {
    const { delayMillis } = rule
    if (exceeded || delayMillis === undefined) return { _tag: "Quarantine", restarts: restarts.length - 1 }
    if (end._tag === "Ended" || isStartCrash(end.error.cause)) return { _tag: "Restart", delayMillis }
    const { error } = end
    // A plugin that has never served is not restarted until somebody wants it again.
    return hasServed ? { _tag: "Restart", delayMillis, error } : { _tag: "GiveUp", error }
  }
  return { decision: decide(), history: { restarts, hasServed } }
}
