/**
 * The callers that wait for the next launch of a plugin: no more than a bound,
 * each for no longer than a bound, and all answered together.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Launch } from "../launch/Launch.ts"
import type { PluginLimits } from "../launch/LaunchSettings.ts"
import { PluginDown, PluginQueueFull, type PluginUnavailable } from "./PluginUnavailable.ts"
import { reasonOf, type SupervisorState } from "./SupervisorState.ts"

/** What callers are told: the launch that serves now, or why there is none. */
export type Answer = Exit.Exit<Launch, PluginUnavailable>

export interface WaitingCallers {
  /** Waits for the next answer, once `begin` has seen to it that there will be one. */
  readonly wait: (begin: Effect.Effect<unknown>) => Effect.Effect<Launch, PluginUnavailable>
  /** Answers all who wait now. Whoever comes later waits for the next answer. */
  readonly answer: (answer: Answer) => void
}

export const makeWaitingCallers = (options: {
  readonly plugin: string
  readonly limits: Pick<PluginLimits, "queued" | "queueMillis">
  /** Where the plugin stands, for callers that are told why they do not have it. */
  readonly state: () => SupervisorState
}): WaitingCallers => {
  const { plugin, state } = options
  const { queued: maxWaiting, queueMillis } = options.limits
  let nextAnswer = Deferred.makeUnsafe<Launch, PluginUnavailable>()
  let waiting = 0

  const down = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const current = state()
    return Effect.fail(
      new PluginDown({
        plugin,
        waitedMillis: queueMillis,
        reason: reasonOf(current),
        ...(current._tag === "Restarting" ? { nextAttemptMillis: Math.max(current.nextAt - now, 0) } : {}),
      }),
    )
  })

  return {
    wait: (begin) =>
      Effect.suspend((): Effect.Effect<Launch, PluginUnavailable> => {
        if (waiting >= maxWaiting) {
          return Effect.fail(new PluginQueueFull({ plugin, queued: waiting, reason: reasonOf(state()) }))
        }
        waiting += 1
        const arrival = Effect.timeoutOrElse(Deferred.await(nextAnswer), {
          duration: Duration.millis(queueMillis),
          orElse: () => down,
        })
        return Effect.ensuring(
          Effect.andThen(begin, arrival),
          Effect.sync(() => {
            waiting -= 1
          }),
        )
      }),
    answer: (answer) => {
      const answered = nextAnswer
      nextAnswer = Deferred.makeUnsafe()
      Deferred.doneUnsafe(answered, answer)
    },
  }
}
