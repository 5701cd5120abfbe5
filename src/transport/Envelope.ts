/**
 * Tells frames from anything else that a line may hold, for every line. A line
 * is a message, or names a call and cannot be read, or is junk, which is logged
 * and does no harm. What is passed on has been checked as far as Effect's own
 * client and server rely on it.
 */
import * as Predicate from "effect/Predicate"
import type { FromClientEncoded, FromServerEncoded, RequestEncoded } from "effect/rpc/RpcMessage"
import { chunkProblem, decidingReason, defectText, exitProblem } from "./AnswerShape.ts"
import { frameExcess, namesOf } from "./FrameBounds.ts"

/** A line, read as a frame or found to be junk. */
export type Parsed<Frame> = { readonly _tag: "Frame"; readonly frame: Frame } | { readonly _tag: "Junk" }

/** The id of a call: a text, or an integer from 0 to 2^53 - 1. It keeps its JSON kind: `7` and `"7"` are two calls. */
export type CallId = string | number

/** A frame that names a call and cannot be read. */
export interface Unreadable {
  readonly _tag: "Unreadable"
  /** What it claims to be. */
  readonly kind: "Exit" | "Chunk" | "Request"
  readonly requestId: CallId
  /** The field and what is wrong with it, without any value: `exit.cause: is empty`. */
  readonly problem: string
}

/** A frame of a plugin. */
export type ServerFrame = FromServerEncoded | Unreadable

/** A frame of an agent. */
export type ClientFrame = FromClientEncoded | Unreadable

type Shape = { readonly [key: PropertyKey]: unknown }

/** A number that other JSON readers may round or change is no id: its answer would name another call. */
const isId = (value: unknown): value is CallId =>
  typeof value === "string" || (Number.isSafeInteger(value) && (value as number) >= 0)

const parseObject = (line: string): Shape | undefined => {
  // Most junk is not a JSON object, and it takes no parser to see that.
  if (line.charCodeAt(line.search(/\S/)) !== 0x7b) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return Predicate.isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const serverFrame = (value: Shape, problem: string | undefined): ServerFrame | undefined => {
  const { _tag: tag, requestId } = value
  switch (tag) {
    case "Exit":
    case "Chunk": {
      if (!isId(requestId)) return undefined
      const wrong = problem ?? (tag === "Exit" ? exitProblem(value["exit"]) : chunkProblem(value["values"]))
      return wrong === undefined
        ? withOneReason(value as unknown as AnswerFrame)
        : { _tag: "Unreadable", kind: tag, requestId, problem: wrong }
    }
    case "Defect":
      // One that cannot be read names no call, and must not end them all.
      if (problem !== undefined || !Object.hasOwn(value, "defect")) return undefined
      return { _tag: "Defect", defect: defectText(value["defect"]) }
    case "Pong":
      return { _tag: "Pong" }
    default:
      return undefined
  }
}

/** A frame that answers a request. */
type AnswerFrame = Extract<FromServerEncoded, { readonly _tag: "Exit" | "Chunk" }>

/** A cause with several reasons would reach the caller as none of them. */
const withOneReason = (frame: AnswerFrame): AnswerFrame => {
  if (frame._tag !== "Exit" || frame.exit._tag !== "Failure") return frame
  const [first, ...others] = frame.exit.cause
  return first === undefined
    ? frame
    : { ...frame, exit: { _tag: "Failure", cause: [decidingReason([first, ...others])] } }
}

const clientFrame = (value: Shape, problem: string | undefined): ClientFrame | undefined => {
  switch (value["_tag"]) {
    case "Request":
      return isId(value["id"]) ? requestFrame(value["id"], value, problem ?? requestProblem(value)) : undefined
    case "Ack":
    case "Interrupt":
      return isId(value["requestId"])
        ? ({ _tag: value["_tag"], requestId: value["requestId"] } as ClientFrame)
        : undefined
    case "Ping":
    case "Eof":
      return { _tag: value["_tag"] }
    default:
      return undefined
  }
}

const requestProblem = ({ headers, tag }: Shape): string | undefined => {
  if (typeof tag !== "string") return "tag: is not a text"
  // They mean nothing here, but Effect's server reads them, and would end at other shapes.
  return Array.isArray(headers) && headers.every(isHeader) ? undefined : "headers: is not a list of pairs of texts"
}

const isHeader = (pair: unknown): boolean =>
  Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string")

const requestFrame = (id: CallId, value: Shape, problem: string | undefined): ClientFrame => {
  if (problem !== undefined) return { _tag: "Unreadable", kind: "Request", requestId: id, problem }
  const { headers, payload, sampled, spanId, tag, traceId } = value
  const isTraced = typeof traceId === "string" && typeof spanId === "string"
  return {
    _tag: "Request",
    id,
    tag,
    ...(Object.hasOwn(value, "payload") ? { payload } : {}),
    headers,
    ...(isTraced ? { traceId, spanId, sampled: sampled === true } : {}),
    ...(value["isNotification"] === true ? { isNotification: true } : {}),
    ...(value["discard"] === true ? { discard: true } : {}),
  } as RequestEncoded
}

const parseWith =
  <Frame>(frameOf: (value: Shape, problem: string | undefined) => Frame | undefined) =>
  (line: string): Parsed<Frame> => {
    const excess = looksLikeFrame(line) ? frameExcess(line) : undefined
    const value = excess === undefined ? parseObject(line) : namesOf(line)
    const frame =
      value === undefined ? undefined : frameOf(value, excess === undefined ? excess : `the frame ${excess}`)
    return frame === undefined ? { _tag: "Junk" } : { _tag: "Frame", frame }
  }

/** Reads a line that a plugin wrote. */
export const parseServerFrame: (line: string) => Parsed<ServerFrame> = parseWith(serverFrame)

/** Reads a line that an agent wrote. */
export const parseClientFrame: (line: string) => Parsed<ClientFrame> = parseWith(clientFrame)

/**
 * Whether the beginning of a line that was too long to keep looks like a frame.
 * The caller that waits for the frame would wait forever, so the connection has
 * to end.
 * Keys come in any order, so every JSON object counts as a frame.
 */
export const looksLikeFrame = (head: string): boolean => /^\s*\{/.test(head)

/** A junk line as it may be logged. Anything that may be part of a frame is not shown, because an answer may hold secrets. */
export const describeJunk = (line: string): string => {
  if (!line.includes('"_tag"')) return line
  const start = Math.max(line.indexOf("{"), 0)
  const head = start === 0 ? "" : `${line.slice(0, start)}… `
  return `${head}${line.length - start} characters that look like a frame but are not one`
}

/** An answer that no caller waits for, as it may be logged. */
export const describeStray = (kind: "Exit" | "Chunk" | "Request", requestId: CallId): string =>
  `${kind === "Exit" ? "an Exit" : `a ${kind}`} for request ${String(requestId).slice(0, 64)}, which is not waiting for one`

/** A frame that cannot be read, as it may be logged. */
export const describeUnreadable = ({ kind, problem, requestId }: Unreadable): string =>
  `the ${kind} for request ${String(requestId).slice(0, 64)} cannot be read: ${problem}`
