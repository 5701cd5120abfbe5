/**
 * Where a frame of a plugin goes: to the client, or, if no call waits for it,
 * to the log. A frame that names a waiting call and cannot be read ends that
 * call and no other.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { FromServerEncoded } from "effect/rpc/RpcMessage"
import { type CallId, describeStray, describeUnreadable, type ServerFrame, type Unreadable } from "./Envelope.ts"

export interface AnswerRouterOptions {
  /** The calls without an Exit. An Exit closes its call. */
  readonly unanswered: Set<CallId>
  readonly broadcast: (frame: FromServerEncoded) => Effect.Effect<void>
  /** Asks the plugin to stop a call. */
  readonly interrupt: (requestId: CallId) => void
  readonly onJunk: (description: string) => Effect.Effect<void>
}

/** The end of a call whose answer cannot be read. The caller learns which field of it is wrong. */
const failedExit = (requestId: CallId, problem: string): FromServerEncoded => ({
  _tag: "Exit",
  requestId,
  exit: { _tag: "Failure", cause: [{ _tag: "Die", defect: `The answer cannot be read: ${problem}` }] },
})

/** The same id in the other JSON kind: `7` for `"7"`. Undefined if there is none: `""` is not 0. */
const otherKind = (requestId: CallId): CallId | undefined => {
  if (typeof requestId === "number") return String(requestId)
  return String(Number(requestId)) === requestId ? Number(requestId) : undefined
}

/** The frame as it is passed on. If it names a waiting call by an id of the wrong kind, it cannot be read. */
const atItsCall = (frame: ServerFrame, unanswered: ReadonlySet<CallId>): ServerFrame => {
  if (!("requestId" in frame) || unanswered.has(frame.requestId)) return frame
  const meant = otherKind(frame.requestId)
  if (meant === undefined || !unanswered.has(meant)) return frame
  return {
    _tag: "Unreadable",
    kind: frame._tag === "Unreadable" ? frame.kind : frame._tag,
    requestId: meant,
    problem: `requestId: is a ${typeof frame.requestId}, and that of the request is a ${typeof meant}`,
  }
}

/** Takes each frame to where it belongs. Nothing that a frame holds makes it fail. */
export const makeAnswerRouter = ({ broadcast, interrupt, onJunk, unanswered }: AnswerRouterOptions) => {
  const endUnreadable = (frame: Unreadable): Effect.Effect<void> => {
    const { kind, problem, requestId } = frame
    // After a Chunk the plugin has not ended the call yet.
    const isWaiting = kind === "Chunk" ? unanswered.has(requestId) : unanswered.delete(requestId)
    if (!isWaiting) return onJunk(describeStray(kind, requestId))
    if (kind === "Chunk") interrupt(requestId)
    return Effect.andThen(onJunk(describeUnreadable(frame)), broadcast(failedExit(requestId, problem)))
  }

  const route = (frame: ServerFrame): Effect.Effect<void> => {
    switch (frame._tag) {
      case "Unreadable":
        return endUnreadable(frame)
      // An answer to no open request is late, sent twice, or from another launch.
      case "Chunk":
        return unanswered.has(frame.requestId) ? broadcast(frame) : onJunk(describeStray("Chunk", frame.requestId))
      case "Exit":
        return unanswered.delete(frame.requestId) ? broadcast(frame) : onJunk(describeStray("Exit", frame.requestId))
      default:
        return broadcast(frame)
    }
  }

  return (frame: ServerFrame): Effect.Effect<void> =>
    Effect.catchCauseIf(
      route(atItsCall(frame, unanswered)),
      (cause) => !Cause.hasInterrupts(cause),
      () =>
        "requestId" in frame
          ? broadcast(failedExit(frame.requestId, "it has another shape"))
          : onJunk(`a ${frame._tag} that cannot be read`),
    )
}
