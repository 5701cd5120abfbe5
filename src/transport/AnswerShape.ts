/**
 * What is wrong with an answer, in words. An answer that names a call and
 * cannot be read ends that call: its caller would wait for it in vain.
 */
import * as Predicate from "effect/Predicate"
import { cutText } from "../protocol/cutText.ts"

type Shape = { readonly [key: PropertyKey]: unknown }

/** How many values a Chunk may have. */
export const maxChunkValues = 1_024

/** The field that keeps an Exit from being read, and why; undefined if it can be read. */
export const exitProblem = (exit: unknown): string | undefined => {
  if (!Predicate.isObject(exit)) return "exit: is not an object"
  const { _tag: tag, cause } = exit as Shape
  if (tag === "Success") return undefined
  if (tag !== "Failure") return "exit._tag: is neither Success nor Failure"
  if (!Array.isArray(cause)) return "exit.cause: is not an array"
  if (cause.length === 0) return "exit.cause: is empty"
  for (const [index, reason] of cause.entries()) {
    const problem = reasonProblem(reason)
    if (problem !== undefined) return `exit.cause[${index}]${problem}`
  }
  return undefined
}

const reasonProblem = (reason: unknown): string | undefined => {
  if (!Predicate.isObject(reason)) return ": is not an object"
  switch ((reason as Shape)["_tag"]) {
    case "Fail":
      return Object.hasOwn(reason, "error") ? undefined : ".error: is missing"
    case "Die":
      return Object.hasOwn(reason, "defect") ? undefined : ".defect: is missing"
    case "Interrupt":
      return undefined
    default:
      return "._tag: is not Fail, Die or Interrupt"
  }
}

/** The same for the values of a Chunk. */
export const chunkProblem = (values: unknown): string | undefined => {
  if (!Array.isArray(values)) return "values: is not an array"
  if (values.length === 0) return "values: is empty"
  return values.length > maxChunkValues
    ? `values: has ${values.length} values, and a Chunk may have ${maxChunkValues}`
    : undefined
}

/** A defect as text. It may be any JSON, an error in the form of Effect too, and nothing of it is run. */
export const defectText = (defect: unknown): string => {
  if (typeof defect === "string") return cutText(defect)
  const message = Predicate.isObject(defect) ? (defect as Shape)["message"] : undefined
  return cutText(typeof message === "string" ? message : (JSON.stringify(defect) ?? "undefined"))
}

/** The reason of a failure that counts, with its defect as text: the first one that is not an interruption, if there is one. */
export const decidingReason = <Reason extends { readonly _tag: string }>(cause: readonly [Reason, ...Array<Reason>]) =>
  withTextDefect(cause.find(({ _tag }) => _tag !== "Interrupt") ?? cause[0])

const withTextDefect = <Reason extends { readonly _tag: string }>(
  reason: Reason,
):
  | Reason
  | { readonly _tag: "Die"; readonly defect: string }
  | { readonly _tag: "Interrupt"; readonly fiberId: null } => {
  if (reason._tag === "Die") return { _tag: "Die", defect: defectText((reason as Shape)["defect"]) }
  // Its number means nothing, and may be anything.
  return reason._tag === "Interrupt" ? { _tag: "Interrupt", fiberId: null } : reason
}
