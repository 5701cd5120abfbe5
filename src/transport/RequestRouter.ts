/**
 * Where a frame of an agent goes: to the server, unless it is a request that
 * cannot be read, which is answered, or one that would harm a call in flight.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { FromClientEncoded, FromServerEncoded } from "effect/rpc/RpcMessage"
import { type CallId, type ClientFrame, describeUnreadable } from "./Envelope.ts"

export interface RequestRouterOptions {
  /** The calls in flight. A request adds its own. */
  readonly unanswered: Set<CallId>
  readonly deliver: (frame: FromClientEncoded) => Effect.Effect<void>
  readonly answer: (frame: FromServerEncoded) => void
}

/** The answer to a request that cannot be read. The caller learns which field of it is wrong. */
const refusal = (requestId: CallId, problem: string): FromServerEncoded => ({
  _tag: "Exit",
  requestId,
  exit: { _tag: "Failure", cause: [{ _tag: "Die", defect: `The request cannot be read: ${problem}` }] },
})

/** Takes each frame to where it belongs. Nothing that a frame holds makes it fail. */
export const makeRequestRouter = ({ answer, deliver, unanswered }: RequestRouterOptions) => {
  const route = (frame: ClientFrame): Effect.Effect<void> => {
    switch (frame._tag) {
      // Effect's server would treat it as the end of the client, and answer nothing more.
      case "Eof":
        return Effect.void
      case "Unreadable": {
        const { problem, requestId } = frame
        // If its id is that of a call in flight, an answer would end that call.
        if (!unanswered.has(requestId)) answer(refusal(requestId, problem))
        return Effect.logWarning(describeUnreadable(frame))
      }
      case "Request": {
        if (frame.isNotification === true) return deliver(frame)
        // Effect's server would stop reading. The call that has the id continues and is answered.
        if (unanswered.has(frame.id)) {
          return Effect.logWarning(`The call ${frame.tag} was ignored: its id is that of a call in flight`)
        }
        unanswered.add(frame.id)
        return deliver(frame)
      }
      default:
        return deliver(frame)
    }
  }

  return (frame: ClientFrame): Effect.Effect<void> =>
    Effect.catchCauseIf(
      route(frame),
      (cause) => !Cause.hasInterrupts(cause),
      () => Effect.logWarning(`A ${frame._tag} was ignored, because it cannot be read`),
    )
}
