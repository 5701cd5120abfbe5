/** The values of parameters: read from texts, and checked. No message has a value, because it may be secret. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { canonicalJson } from "../../../protocol/canonicalJson.ts"
import { isRecord } from "../../../protocol/isRecord.ts"
import { readText } from "../LocatedText.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import { objectionToText } from "./parameterPatterns.ts"
import { placeholderIn } from "./Placeholder.ts"
import type { ParameterDeclaration } from "./Parameter.ts"

type Rules = Omit<ParameterDeclaration, "default" | "description">

const kinds: Readonly<Record<Rules["type"], readonly [isOne: (value: Schema.Json) => boolean, kind: string]>> = {
  string: [(value) => typeof value === "string", "a string; put it in quotes if it looks like something else"],
  number: [(value) => typeof value === "number" && Number.isFinite(value), "a number"],
  integer: [(value) => Number.isSafeInteger(value), "an integer"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  list: [(value) => Array.isArray(value), "a list, such as [a, b]"],
  object: [isRecord, "an object, such as { a: 1 }"],
}

const measure = (value: Schema.Json): readonly [size: number, what: string] =>
  typeof value === "number"
    ? [value, ""]
    : typeof value === "string"
      ? [[...value].length, " characters"]
      : [Array.isArray(value) ? value.length : 0, " items"]

const objectionToSize = ({ max, min, type }: Rules, value: Schema.Json): string | undefined => {
  if (type === "boolean" || type === "object") return undefined
  const [size, what] = measure(value)
  if (min !== undefined && size < min) return what === "" ? `is less than ${min}` : `has less than ${min}${what}`
  if (max !== undefined && size > max) return what === "" ? `is more than ${max}` : `has more than ${max}${what}`
  return undefined
}

/** The allowed values, if they can be shown. */
const listed = ({ allowed, secret = false }: Rules): string => {
  const texts = (allowed ?? []).map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
  return secret ? "" : `: ${texts.join(", ")}`
}

/** Why a parameter cannot have a value, as the end of a sentence. Undefined if it can. */
export const objectionToValue = (rules: Rules, value: Schema.Json, compile: CompilePattern): string | undefined => {
  const [isOne, kind] = kinds[rules.type]
  if (!isOne(value)) return `is not ${kind}`
  const { allowed, pattern } = rules
  if (allowed !== undefined && !allowed.some((one) => canonicalJson(one) === canonicalJson(value))) {
    return `is none of those that are allowed${listed(rules)}`
  }
  if (pattern !== undefined && typeof value === "string") {
    const objection = objectionToText(compile, pattern, value)
    if (objection !== undefined) return objection
  }
  const place = placeholderIn(value)
  if (place !== undefined)
    return `has ${place} in it, which the value of a parameter cannot have; write the value itself`
  return objectionToSize(rules, value)
}

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** The value that a text stands for, as somebody types it. Fails with the end of a sentence. */
export const readValue = (rules: Rules, text: string): Result.Result<Schema.Json, string> => {
  const trimmed = text.trim()
  const isNot = () => Result.fail(`is not ${kinds[rules.type][1]}`)
  switch (rules.type) {
    case "string":
      return Result.succeed(text)
    case "boolean":
      return trimmed === "true" || trimmed === "false" ? Result.succeed(trimmed === "true") : isNot()
    case "number":
    case "integer":
      return numberPattern.test(trimmed) ? Result.succeed(Number(trimmed)) : isNot()
    case "list":
    case "object": {
      const read = readText(text)
      return Result.isSuccess(read) && isJson(read.success.value) ? Result.succeed(read.success.value) : isNot()
    }
  }
}

const isJson = Schema.is(Schema.Json)

/** Why a text cannot be the value of a parameter, as the end of a sentence. Undefined if it can. */
export const objectionToTyped = (rules: Rules, text: string, compile: CompilePattern): string | undefined =>
  Result.match(readValue(rules, text), {
    onFailure: (objection) => objection,
    onSuccess: (value) => objectionToValue(rules, value, compile),
  })
