/**
 * Tells frames from anything else that a line may hold. Only what has the shape
 * of a message is passed on. The rest is junk, which is logged and does no harm.
 */
import * as Predicate from "effect/Predicate"
import type { FromClientEncoded, FromServerEncoded } from "effect/rpc/RpcMessage"

/** A line, read as a frame or found to be junk. */
export type Parsed<Frame> = { readonly _tag: "Frame"; readonly frame: Frame } | { readonly _tag: "Junk" }

type Shape = { readonly [key: PropertyKey]: unknown }

const junk = { _tag: "Junk" } as const

const isId = (value: unknown): boolean => typeof value === "string" || typeof value === "number"

const parseObject = (line: string): object | undefined => {
  // Most junk is not a JSON object, and it takes no parser to see that.
  if (line.charCodeAt(line.search(/\S/)) !== 0x7b) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return Predicate.isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const hasServerShape = (value: Shape): boolean => {
  switch (value["_tag"]) {
    case "Exit":
      return isId(value["requestId"]) && isExit(value["exit"])
    case "Chunk":
      return isId(value["requestId"]) && Array.isArray(value["values"]) && value["values"].length > 0
    case "Defect":
      return Object.hasOwn(value, "defect")
    case "Pong":
      return true
    default:
      return false
  }
}

const isExit = (value: unknown): boolean => {
  if (!Predicate.isObject(value)) return false
  return value["_tag"] === "Success" || (value["_tag"] === "Failure" && Array.isArray(value["cause"]))
}

const hasClientShape = (value: Shape): boolean => {
  switch (value["_tag"]) {
    case "Request":
      return isId(value["id"]) && typeof value["tag"] === "string" && Array.isArray(value["headers"])
    case "Ack":
    case "Interrupt":
      return isId(value["requestId"])
    case "Ping":
    case "Eof":
      return true
    default:
      return false
  }
}

const isServerFrame = (value: object): value is FromServerEncoded => Predicate.isObject(value) && hasServerShape(value)

const isClientFrame = (value: object): value is FromClientEncoded => Predicate.isObject(value) && hasClientShape(value)

/** Reads a line that a plugin wrote. */
export const parseServerFrame = (line: string): Parsed<FromServerEncoded> => {
  const value = parseObject(line)
  return value !== undefined && isServerFrame(value) ? { _tag: "Frame", frame: value } : junk
}

/** Reads a line that an agent wrote. */
export const parseClientFrame = (line: string): Parsed<FromClientEncoded> => {
  const value = parseObject(line)
  return value !== undefined && isClientFrame(value) ? { _tag: "Frame", frame: value } : junk
}

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

/** A frame that answers a request. */
export type AnswerFrame = Extract<FromServerEncoded, { readonly _tag: "Exit" | "Chunk" }>

/** An answer that no caller waits for, as it may be logged. */
export const describeStray = ({ _tag, requestId }: AnswerFrame): string =>
  `${_tag === "Exit" ? "an Exit" : "a Chunk"} for request ${String(requestId).slice(0, 64)}, which is not waiting for one`
