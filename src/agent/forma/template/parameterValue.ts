/** The values of parameters: read from texts, and checked. No message has a value, because it may be secret. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { canonicalJson } from "../../../protocol/canonicalJson.ts"
import { isRecord } from "../../../protocol/isRecord.ts"
import { readText } from "../LocatedText.ts"
import { nearestName } from "../nearestName.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import { count } from "../schema/sentences.ts"
import { objectionToText } from "./parameterPatterns.ts"
import { placeholderIn } from "./Placeholder.ts"
import type { ParameterDeclaration } from "./Parameter.ts"

type Rules = Omit<ParameterDeclaration, "default" | "description">

const kinds: Readonly<Record<Rules["type"], readonly [isOne: (value: Schema.Json) => boolean, kind: string]>> = {
  string: [(value) => typeof value === "string", "a string; put it in quotes if it looks like something else"],
  number: [(value) => typeof value === "number" && Number.isFinite(value), "a number, such as 2.5"],
  integer: [(value) => Number.isSafeInteger(value), "an integer, such as 3"],
  boolean: [(value) => typeof value === "boolean", "true or false; write one of the two"],
  list: [(value) => Array.isArray(value), "a list, such as [a, b]"],
  object: [isRecord, "an object, such as { a: 1 }"],
}

const sizeOf = (value: Schema.Json): number =>
  typeof value === "number"
    ? value
    : typeof value === "string"
      ? [...value].length
      : Array.isArray(value)
        ? value.length
        : 0

/** What has a size, and what is to be written where that is too small or too large. */
const sizes = {
  number: { unit: undefined, smaller: "write a smaller one", larger: "write a larger one" },
  integer: { unit: undefined, smaller: "write a smaller one", larger: "write a larger one" },
  string: { unit: "character", smaller: "write a shorter one", larger: "write a longer one" },
  list: { unit: "item", smaller: "write fewer", larger: "write more" },
} as const

const objectionToSize = ({ max, min, type }: Rules, value: Schema.Json): string | undefined => {
  if (type === "boolean" || type === "object") return undefined
  const size = sizeOf(value)
  const { larger, smaller, unit } = sizes[type]
  const than = (word: string, limit: number) =>
    unit === undefined ? `is ${word} than ${limit}` : `has ${word} than ${count(limit, unit)}`
  if (min !== undefined && size < min) return `${than("less", min)}; ${larger}`
  if (max !== undefined && size > max) return `${than("more", max)}; ${smaller}`
  return undefined
}

/** The allowed values, if they can be shown, and the one that was probably meant. */
const listed = ({ allowed, secret = false }: Rules, value: Schema.Json): string => {
  if (secret) return "; the document has them under allowed"
  const texts = (allowed ?? []).map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
  const nearest = typeof value === "string" ? nearestName(value, texts) : undefined
  return `: ${texts.join(", ")}; ${nearest === undefined ? "write one of these" : `did you mean ${nearest}?`}`
}

/** Why a parameter cannot have a value, as the end of a sentence. Undefined if it can. */
export const objectionToValue = (rules: Rules, value: Schema.Json, compile: CompilePattern): string | undefined => {
  const [isOne, kind] = kinds[rules.type]
  if (!isOne(value)) return `is not ${kind}`
  const { allowed, pattern } = rules
  if (allowed !== undefined && !allowed.some((one) => canonicalJson(one) === canonicalJson(value))) {
    return `is none of those that are allowed${listed(rules, value)}`
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
