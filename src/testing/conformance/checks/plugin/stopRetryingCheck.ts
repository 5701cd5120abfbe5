/** What a plugin does when it is asked to try an operation no more, if it offers that. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Answer, describeAnswer } from "../../peer/Answer.ts"
import { interruptOf } from "../../peer/RawPeer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const stopRetryingDescriptions = {
  "calls.stopRetrying": {
    section: sections.calls,
    title: "ends no call when it is asked to try no more",
    remedy:
      "Answer StopRetrying with null, whether such an operation is under way or not, and let a try that is under way end by itself.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const stopRetryingCheck = (record: Recorder, shared: SharedPeer): Effect.Effect<unknown, never, Scope.Scope> =>
  record.plugin("calls.stopRetrying", stopRetrying(shared))

const isUnknown = (answer: Answer): boolean =>
  answer._tag === "Died" && answer.defect.includes("Unknown request tag: StopRetrying")

const stopRetrying = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const answer = yield* peer.ask("StopRetrying", { operationId: shared.nextOperationId() })
  if (isUnknown(answer)) return yield* skip("it does not know the call")
  if (answer._tag !== "Value") return yield* mismatch("a Success although nothing is under way", describeAnswer(answer))
  if (shared.slow === undefined) return yield* expectAlive(shared, peer)
  const payload = shared.slow()
  const create = peer.call("Create", payload)
  const stop = peer.call("StopRetrying", { operationId: payload["operationId"] ?? "" })
  yield* peer.write(create.frame + stop.frame)
  const stopped = yield* stop.answer
  if (stopped._tag !== "Value") return yield* mismatch("a Success", describeAnswer(stopped))
  const ended = yield* Effect.raceFirst(create.answer, Effect.andThen(expectAlive(shared, peer), Effect.undefined))
  yield* peer.write(interruptOf(create.id))
  if (ended !== undefined) yield* shared.keep(ended)
  if (ended !== undefined && shared.isSlowCall) return yield* mismatch("a Create that goes on", describeAnswer(ended))
})
