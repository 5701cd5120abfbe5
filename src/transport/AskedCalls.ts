/** What is asked without a client of Effect, and who waits for the answers. */
import type { RpcClientError } from "effect/rpc/RpcClientError"
import { type FromClientEncoded, type FromServerEncoded, type RequestEncoded, RequestId } from "effect/rpc/RpcMessage"
import type { CallId } from "./Envelope.ts"

/** How a call ends: with its answer, with a defect of all calls, or with the connection. */
export type EndOfCall = Extract<FromServerEncoded, { readonly _tag: "Exit" | "Defect" | "ClientProtocolError" }>

export interface Asking {
  /** An id that no other call of this connection has. Clients of Effect must take theirs here, if `ask` is used beside them. */
  readonly nextId: () => RequestId
  /** Sends a request of which `onEnd` gets the one answer. Returns why it cannot be sent; then there is no answer. */
  readonly ask: (request: RequestEncoded, onEnd: (end: EndOfCall) => void) => RpcClientError | undefined
  /** Asks the plugin to stop a call of `ask`, which gets no answer any more. */
  readonly giveUp: (requestId: CallId) => void
}

export interface AskedCalls extends Asking {
  /** Gives the frame to those for whom it is an end. Whether it is of no interest to anybody else. */
  readonly take: (frame: FromServerEncoded) => boolean
}

/** `send` returns why a frame cannot be sent. */
export const makeAskedCalls = (send: (message: FromClientEncoded) => RpcClientError | undefined): AskedCalls => {
  const waiting = new Map<CallId, (end: EndOfCall) => void>()
  let ids = 0
  return {
    nextId: () => RequestId(ids++),
    ask: (request, onEnd) => {
      const unsent = send(request)
      if (unsent === undefined) waiting.set(request.id, onEnd)
      return unsent
    },
    giveUp: (requestId) => {
      if (waiting.delete(requestId)) send({ _tag: "Interrupt", requestId })
    },
    take: (frame) => {
      switch (frame._tag) {
        case "Exit": {
          const onEnd = waiting.get(frame.requestId)
          waiting.delete(frame.requestId)
          onEnd?.(frame)
          return onEnd !== undefined
        }
        case "Defect":
        case "ClientProtocolError": {
          // Who is told may ask again at once.
          const all = [...waiting.values()]
          waiting.clear()
          for (const onEnd of all) onEnd(frame)
          return false
        }
        default:
          return false
      }
    },
  }
}
