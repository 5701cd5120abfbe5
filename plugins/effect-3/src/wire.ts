/**
 * The frames of PROTOCOL.md, for the stdio server of @effect/rpc. The protocol
 * has the frames of Effect 4. They differ from those of Effect 3 in four ways,
 * and this serialization translates between them:
 *
 * - A request id is any number or string. In Effect 3 it is a bigint.
 * - A cause is a list. In Effect 3 it is a tree.
 * - A line that is not a frame, or an unknown call, does no harm. In Effect 3 it
 *   breaks the connection.
 * - A call without a value answers null.
 */
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import type { FromServerEncoded } from "@effect/rpc/RpcMessage"

type Id = string | number

interface Frame {
  readonly _tag: string
  readonly id?: unknown
  readonly requestId?: unknown
  readonly tag?: unknown
  readonly payload?: unknown
  readonly headers?: unknown
}

const isId = (value: unknown): value is Id =>
  typeof value === "string" || (Number.isSafeInteger(value) && Number(value) >= 0)

const isFrame = (value: unknown): value is Frame => {
  if (typeof value !== "object" || value === null || !("_tag" in value)) return false
  const frame: { readonly [Key in keyof Frame]?: unknown } = value
  if (frame._tag === "Request") return isId(frame.id)
  if (frame._tag === "Ack" || frame._tag === "Interrupt") return isId(frame.requestId)
  return frame._tag === "Ping" || frame._tag === "Eof"
}

/** The frame in a line, or undefined if there is none. */
export const parseFrame = (line: string): Frame | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return isFrame(value) ? value : undefined
  } catch {
    return undefined
  }
}

type Cause = Extract<Extract<FromServerEncoded, { _tag: "Exit" }>["exit"], { _tag: "Failure" }>["cause"]

type Leaf = Extract<Cause, { _tag: "Fail" | "Die" }>

const leavesOf = (cause: Cause): ReadonlyArray<Leaf> => {
  switch (cause._tag) {
    case "Fail":
    case "Die":
      return [cause]
    case "Sequential":
    case "Parallel":
      return [...leavesOf(cause.left), ...leavesOf(cause.right)]
    default:
      return []
  }
}

/** The failures and defects in a cause. If there are none, the call was interrupted. */
const listOf = (cause: Cause): ReadonlyArray<object> => {
  const leaves = leavesOf(cause)
  return leaves.length > 0 ? leaves : [{ _tag: "Interrupt", fiberId: null }]
}

const maxFrameBytes = 16 * 1024 * 1024

const died = (requestId: Id | undefined, defect: string) => ({
  _tag: "Exit",
  requestId,
  exit: { _tag: "Failure", cause: [{ _tag: "Die", defect }] },
})

/** Why a request cannot be given to the server; undefined if it can. */
const problemOf = ({ headers, tag }: Frame, serves: (tag: string) => boolean): string | undefined => {
  if (typeof tag !== "string") return "The request cannot be read: tag: is not a text"
  if (!serves(tag)) return `Unknown request tag: ${tag}`
  return Array.isArray(headers) ? undefined : "The request cannot be read: headers: is not a list"
}

/** The serialization of one connection. `serves` tells which calls there are; `onJunk` gets the length of each line that is not a frame. */
export const makeWire = (options: {
  readonly serves: (tag: string) => boolean
  readonly onJunk: (length: number) => void
}) => {
  /** The ids of Effect 3 by those of the protocol, and the other way round. */
  const ownIds = new Map<Id, string>()
  const protocolIds = new Map<string, Id>()
  let last = 0

  const takeRequest = (frame: Frame, id: Id) => {
    const own = String((last += 1))
    ownIds.set(id, own)
    protocolIds.set(own, id)
    const problem = problemOf(frame, options.serves)
    return problem === undefined
      ? { ...frame, id: own, payload: frame.payload ?? null }
      : { _tag: "Request", id: own, tag: "Refused", payload: problem, headers: [] }
  }

  const decodeLine = (line: string): ReadonlyArray<unknown> => {
    if (line.trim() === "") return []
    const frame = parseFrame(line)
    if (frame === undefined) {
      options.onJunk(line.length)
      return []
    }
    // An answer to a second request under the id of a call in flight would end that call.
    if (isId(frame.id)) return ownIds.has(frame.id) ? [] : [takeRequest(frame, frame.id)]
    if (!isId(frame.requestId)) return frame._tag === "Ping" ? [frame] : []
    // A frame about a call that has been answered comes too late to matter.
    const own = ownIds.get(frame.requestId)
    return own === undefined ? [] : [{ ...frame, requestId: own }]
  }

  const encode = (message: FromServerEncoded): object => {
    if (message._tag !== "Exit" && message._tag !== "Chunk") return message
    const requestId = protocolIds.get(message.requestId)
    if (message._tag === "Chunk") return { ...message, requestId }
    protocolIds.delete(message.requestId)
    if (requestId !== undefined) ownIds.delete(requestId)
    const { exit } = message
    return exit._tag === "Success"
      ? { ...message, requestId, exit: { ...exit, value: exit.value ?? null } }
      : { ...message, requestId, exit: { ...exit, cause: listOf(exit.cause) } }
  }

  const encodeLine = (message: FromServerEncoded): string => {
    const frame = encode(message)
    const line = JSON.stringify(frame)
    if (Buffer.byteLength(line) <= maxFrameBytes) return line
    const { requestId }: { readonly requestId?: Id } = frame
    return JSON.stringify(died(requestId, `The answer is larger than a frame may be (${maxFrameBytes} bytes)`))
  }

  const serialization = RpcSerialization.RpcSerialization.of({
    contentType: "application/ndjson",
    includesFraming: true,
    unsafeMake: () => {
      const decoder = new TextDecoder()
      let rest = ""
      return {
        decode: (bytes) => {
          const lines = (rest + (typeof bytes === "string" ? bytes : decoder.decode(bytes, { stream: true }))).split(
            "\n",
          )
          rest = lines.pop() ?? ""
          return lines.flatMap(decodeLine)
        },
        // Each write begins on a fresh line, so that half a line of something else cannot spoil a frame.
        encode: (message) => `\n${encodeLine(message as FromServerEncoded)}\n`,
      }
    },
  })

  return { serialization, inFlight: () => protocolIds.size }
}
