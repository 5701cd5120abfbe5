/** Lets a command that an agent in another process runs be left to it. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { detachAnswerOf, detachQuestion } from "./Detaching.ts"
import { cancel, Interruption } from "./Interruption.ts"
import { writeNotice } from "./Outputs.ts"
import type { WithoutLiveLines } from "./progress/liveTable.ts"
import { askLine, canAsk } from "./Question.ts"

/** Signals leave the work to its agent while the scope is open, and Ctrl-C asks for it at a terminal. */
export const askDetach = Effect.fnUntraced(function* (withoutLiveLines: WithoutLiveLines) {
  const interruption = yield* Interruption
  const isAsked = yield* Queue.unbounded<void>()
  const detaching = {
    ask: (yield* canAsk) ? () => void Queue.offerUnsafe(isAsked, undefined) : undefined,
    isAsking: false,
    isDetached: false,
  }
  interruption.detaching = detaching
  const context = yield* Effect.context<Effect.Services<ReturnType<typeof askLine>>>()
  const askOnce = Effect.gen(function* () {
    yield* Queue.take(isAsked)
    const typed = yield* withoutLiveLines(Effect.provideContext(askLine(detachQuestion), context))
    detaching.isAsking = false
    const answer = detachAnswerOf(typed)
    if (answer === "continue") {
      interruption.received = undefined
      return
    }
    detaching.isDetached = answer === "detach"
    const { message, stopNow } =
      answer === "detach" ? { message: undefined, stopNow: true } : cancel(interruption, "SIGINT")
    if (message !== undefined) writeNotice(message)
    if (stopNow) interruption.stop()
  })
  yield* Effect.forkScoped(Effect.forever(askOnce))
})
