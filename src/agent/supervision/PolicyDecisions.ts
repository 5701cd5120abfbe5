/** The decisions of a restart policy: reads its schedule for each launch that has ended, and asks `afterLaunch`. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import { type AfterLaunch, afterLaunch, type LaunchResult, readingOf, type RestartHistory } from "./AfterLaunch.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"

/** Decides what follows a launch that has ended. */
export type PolicyDecision = (history: RestartHistory, end: LaunchResult, now: number) => Effect.Effect<AfterLaunch>

/** Decisions that read the schedule from its start. */
export const makePolicyDecision = Effect.fnUntraced(function* (
  policy: RestartPolicy,
): Effect.fn.Return<PolicyDecision> {
  let step = yield* Schedule.toStep(policy.delays)
  return Effect.fnUntraced(function* (history, end, now) {
    const { fromStart, next } = readingOf(end, policy)
    if (fromStart) step = yield* Schedule.toStep(policy.delays)
    const delayMillis = next
      ? yield* step(now, undefined).pipe(
          Effect.map(([, delay]) => Duration.toMillis(delay)),
          Pull.catchDone(() => Effect.undefined),
        )
      : undefined
    return afterLaunch(history, end, now, { ...policy, delayMillis })
  })
})
