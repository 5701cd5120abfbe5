/** What an agent sends, as a frame, or as the error that says why it is not sent. */
import * as Predicate from "effect/Predicate"
import { RpcClientDefect, RpcClientError } from "effect/rpc/RpcClientError"
import type { FromClientEncoded } from "effect/rpc/RpcMessage"
import { frameExcess, maxFrameDepth } from "./FrameBounds.ts"
import { fitsFrame, frameCapBytes, type FrameTooLarge } from "./Frames.ts"

/** Whether a call failed because its request cannot be sent: it is too large, nested too deep, or has too many values. Other calls are not affected. */
export const isUnsendable = ({ reason }: RpcClientError): boolean =>
  reason._tag === "RpcClientDefect" &&
  (Predicate.isTagged(reason.cause, "FrameTooLarge") || Predicate.isTagged(reason.cause, "FrameExcess"))

/** The error of a call that its connection has failed. */
export const connectionError = (message: string, cause?: unknown): RpcClientError =>
  new RpcClientError({ reason: new RpcClientDefect({ message, cause: cause ?? message }) })

/** The frame, or why it cannot be sent. Other calls are not affected. */
export const encodeRequest = (message: FromClientEncoded): string | RpcClientError => {
  const frame = stringify(message)
  // What takes more stack than there is, is nested too deep as well.
  const excess = frame === undefined ? `is nested more than ${maxFrameDepth} levels deep` : frameExcess(frame)
  if (frame === undefined || excess !== undefined) {
    return connectionError(`The request ${excess}, which a frame may not`, { _tag: "FrameExcess" })
  }
  if (fitsFrame(frame)) return frame
  const tooLarge: FrameTooLarge = { _tag: "FrameTooLarge", capBytes: frameCapBytes }
  return connectionError(`The request is larger than a frame may be (${frameCapBytes} bytes)`, tooLarge)
}

/** Undefined if it takes more stack than there is. */
const stringify = (message: FromClientEncoded): string | undefined => {
  try {
    return JSON.stringify(message)
  } catch {
    return undefined
  }
}
