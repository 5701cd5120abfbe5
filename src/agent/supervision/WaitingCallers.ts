/**
 * The callers that wait for the next launch of a plugin. There is a bound on how
 * many wait and on how long each does. All of them are answered together.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { Launch } from "../launch/Launch.ts"
import type { PluginLimits } from "../launch/LaunchSettings.ts"
import { PluginDown, PluginQueueFull, type PluginUnavailable } from "./PluginUnavailable.ts"
import { reasonOf, type SupervisorState } from "./SupervisorState.ts"

/** What waiting callers get: the launch that serves now, or why there is none. */
export type Answer = Exit.Exit<Launch, PluginUnavailable>

export interface WaitingCallers {
  /** Runs `start`, which makes sure that an answer will come, and waits for it. `state` says why none has come in time. */
  readonly wait: (
    start: Effect.Effect<unknown>,
    state: () => SupervisorState,
  ) => Effect.Effect<Launch, PluginUnavailable>
  /** Takes all callers that wait now, and returns what answers them. Later callers wait for the next answer. */
  readonly take: () => (answer: Answer) => void
  /** How many wait. */
  readonly count: () => number
}

export const makeWaitingCallers = (
  plugin: string,
  limits: () => Pick<PluginLimits, "queued" | "queueMillis">,
): WaitingCallers => {
  let nextAnswer = Deferred.makeUnsafe<Launch, PluginUnavailable>()
  let waiting = 0

  const down = (state: SupervisorState, now: number, queueMillis: number): PluginDown =>
    new PluginDown({
      plugin,
      waitedMillis: queueMillis,
      reason: reasonOf(state),
      ...(state._tag === "Restarting" ? { nextAttemptMillis: Math.max(state.nextAt - now, 0) } : {}),
    })

  return {
    wait: (start, state) =>
      // A caller that is interrupted at any point gives its place back.
      Effect.acquireUseRelease(
        Effect.suspend(() => {
          if (waiting >= limits().queued) {
            return Effect.fail(new PluginQueueFull({ plugin, queued: waiting, reason: reasonOf(state()) }))
          }
          waiting += 1
          return Effect.succeed(nextAnswer)
        }),
        (answer) =>
          Effect.andThen(start, () => {
            const { queueMillis } = limits()
            return RunningTime.timeoutOrElse(Deferred.await(answer), {
              duration: Duration.millis(queueMillis),
              orElse: () =>
                Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.fail(down(state(), now, queueMillis))),
            })
          }),
        () =>
          Effect.sync(() => {
            waiting -= 1
          }),
      ),
    count: () => waiting,
    take: () => {
      const taken = nextAnswer
      nextAnswer = Deferred.makeUnsafe()
      return (answer) => Deferred.doneUnsafe(taken, answer)
    },
  }
}
