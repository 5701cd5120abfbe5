/** Explains a restart policy beforehand, with the same decisions that `LaunchSeries` carries out. */
import * as Effect from "effect/Effect"
import { type LaunchResult, noHistory } from "./AfterLaunch.ts"
import { makePolicyDecision } from "./PolicyDecisions.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"

/** What a policy does to a plugin that crashes as soon as it is started. All times are in milliseconds. */
export interface PolicyExplanation {
  /** The restarts in their order: at most 20, because a policy may never give up. */
  readonly restarts: ReadonlyArray<{
    /** Its number, from 1. */
    readonly restart: number
    /** The delay before it. */
    readonly delayMillis: number
    /** The sum of all delays up to this restart. */
    readonly sumMillis: number
  }>
  /** When the plugin is quarantined, counted from its first crash; undefined if it is restarted forever. */
  readonly quarantineAtMillis: number | undefined
}

/** How many restarts are listed if the policy never gives up. */
const maxRestarts = 20

const crashAtOnce: LaunchResult = { _tag: "Ended", outcome: { _tag: "Exited", code: 1 }, servedMillis: 0 }

/** Lists each delay of a policy, and when it quarantines a plugin that crashes as soon as it is started. Starts nothing. */
export const explainPolicy = Effect.fnUntraced(function* (policy: RestartPolicy): Effect.fn.Return<PolicyExplanation> {
  const decide = yield* makePolicyDecision(policy)
  const restarts: Array<PolicyExplanation["restarts"][number]> = []
  let history = noHistory
  let now = 0
  while (restarts.length < maxRestarts) {
    const after = yield* decide(history, crashAtOnce, now)
    if (after.decision._tag !== "Restart") return { restarts, quarantineAtMillis: now }
    const { delayMillis } = after.decision
    history = after.history
    now += delayMillis
    restarts.push({ restart: restarts.length + 1, delayMillis, sumMillis: now })
  }
  return { restarts, quarantineAtMillis: undefined }
})
