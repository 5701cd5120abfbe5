/** What stands for another value in a document: an object with a key such as `$ref`. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { parseText, type TextLiteral, type TextPart } from "./TextTemplate.ts"

type Json = Schema.Json

/** An object that stands for another value. */
export type Expression =
  /** `{ $ref: label.Property }`: a property of another resource, and the path into it. */
  | { readonly _tag: "Reference"; readonly label: string; readonly property: ReadonlyArray<string> }
  /** `{ $text: "a${label.Property}b" }`: text with values in it. */
  | { readonly _tag: "Text"; readonly parts: ReadonlyArray<TextPart> }
  /** `{ $secret: VALUE }`: a value that must not be shown. */
  | { readonly _tag: "Secret"; readonly value: Json }
  /** `{ $output: document.name }`: an output of another document. */
  | { readonly _tag: "Output"; readonly names: ReadonlyArray<string> }
  /** `{ $value: VALUE }`: a value from outside of the document, in which nothing stands for something else. */
  | { readonly _tag: "Value"; readonly value: Json }
  /** It cannot be read, for a reason. */
  | { readonly _tag: "Bad"; readonly reason: string }

/** The first names in text that are no labels. */
export const reservedWords: ReadonlySet<string> = new Set(["param", "env", "target", "output"])

const readReference = (text: Json | undefined): Expression => {
  if (typeof text !== "string" || !/^[^.]+(\.[^.]+)+$/.test(text)) {
    return { _tag: "Bad", reason: "expected a reference such as net.VpcId" }
  }
  const [label = "", ...property] = text.split(".")
  return { _tag: "Reference", label, property }
}

const readText = (text: Json | undefined): Expression => {
  if (typeof text !== "string") return { _tag: "Bad", reason: "expected a text such as net-${net.VpcId}" }
  const read = parseText(text)
  return read._tag === "Success" ? { _tag: "Text", parts: read.success } : { _tag: "Bad", reason: read.failure.message }
}

const readOutput = (text: Json | undefined): Expression => {
  if (typeof text !== "string" || !/^.+\.[^.]+$/.test(text)) {
    return { _tag: "Bad", reason: "expected the output of another document, such as network.vpcId" }
  }
  return { _tag: "Output", names: text.split(".") }
}

const forms = {
  $output: { noun: "an output", read: readOutput },
  $ref: { noun: "a reference", read: readReference },
  $text: { noun: "a text", read: readText },
  $secret: {
    noun: "a secret",
    read: (value: Json | undefined): Expression => ({ _tag: "Secret", value: value ?? null }),
  },
  $value: {
    noun: "a value",
    read: (value: Json | undefined): Expression => ({ _tag: "Value", value: value ?? null }),
  },
}

const formNames = ["$ref", "$text", "$secret", "$output", "$value"] as const

/** What an object stands for, or undefined where it is a plain one. */
export const expressionOf = (value: { readonly [key: string]: Json }): Expression | undefined => {
  const key = formNames.find((name) => Object.hasOwn(value, name))
  if (key === undefined) return undefined
  const { noun, read } = forms[key]
  const [other, ...more] = Object.keys(value).filter((name) => name !== key)
  return other !== undefined
    ? {
        _tag: "Bad",
        reason: `${noun} must have the key ${key} and no other; take ${more.length === 0 ? other : "the others"} out`,
      }
    : read(value[key])
}

/** An expression, and where it is. What is inside a secret has the place of the secret. */
export type OnExpression = (
  found: Exclude<Expression, { readonly _tag: "Secret" | "Value" }>,
  at: ReadonlyArray<string | number>,
) => Json | undefined

/**
 * A value with what its expressions stand for in their places, and its secrets
 * as plain values. Undefined where an expression has no value.
 */
export const fillExpressions = (
  value: Json,
  valueOf: OnExpression,
  at: ReadonlyArray<string | number> = [],
): Json | undefined => {
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => fillExpressions(item, valueOf, [...at, index]))
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined)
  }
  if (!isRecord(value)) return value
  const expression = expressionOf(value)
  if (expression?._tag === "Secret") return fillExpressions(expression.value, valueOf, at)
  if (expression?._tag === "Value") return expression.value
  if (expression !== undefined) return valueOf(expression, at)
  const filled = Object.entries(value).map(
    ([key, item]) => [key, fillExpressions(item, valueOf, [...at, key])] as const,
  )
  // Not by assignment: a key may be `__proto__`.
  return filled.every(isKnown) ? Object.fromEntries(filled) : undefined
}

const isKnown = (entry: readonly [string, Json | undefined]): entry is readonly [string, Json] => entry[1] !== undefined

/** A value with other ones in the place of its expressions. Secrets stay marked. */
export const mapExpressions = (
  value: Json,
  replace: (found: Parameters<OnExpression>[0], written: Json) => Json,
): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => mapExpressions(item, replace))
  if (!isRecord(value)) return value
  const expression = expressionOf(value)
  if (expression?._tag === "Secret") return { $secret: mapExpressions(expression.value, replace) }
  if (expression?._tag === "Value") return value
  if (expression !== undefined) return replace(expression, value)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapExpressions(item, replace)]))
}

/** Whether an expression in a value, at any depth, is one of these. */
const hasExpression = (value: Json, isOne: (found: Expression) => boolean): boolean => {
  if (Array.isArray(value)) return value.some((item: Json) => hasExpression(item, isOne))
  if (!isRecord(value)) return false
  const expression = expressionOf(value)
  if (expression !== undefined && isOne(expression)) return true
  if (expression?._tag === "Value") return false
  return Object.values(value).some((item) => hasExpression(item, isOne))
}

/**
 * A value from outside of the document, such as an output of another one, which
 * stays as it is whatever is in it. Made inside formae only: a document may not
 * write it.
 */
export const literalOf = (value: Json): Json => (hasExpression(value, () => true) ? { $value: value } : value)

/** Whether a document has written what only formae may. */
export const hasLiteral = (value: Json): boolean => hasExpression(value, ({ _tag }) => _tag === "Value")

/** The value with its literals as plain values. Other expressions stay as they are. */
export const withLiteralsOpened = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => withLiteralsOpened(item))
  if (!isRecord(value)) return value
  const expression = expressionOf(value)
  if (expression?._tag === "Value") return expression.value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withLiteralsOpened(item)]))
}

/** Whether a part of a value, at any depth, is said to be secret. */
export const hasSecret = (value: Json): boolean => hasExpression(value, ({ _tag }) => _tag === "Secret")

const isPlainText = (parts: ReadonlyArray<TextPart>): parts is ReadonlyArray<TextLiteral> =>
  parts.every(({ _tag }) => _tag === "Literal")

/** Whether a part of a value is written as an expression, but needs nothing to be known. */
export const hasPlain = (value: Json): boolean =>
  hasExpression(value, (found) => found._tag === "Secret" || (found._tag === "Text" && isPlainText(found.parts)))

/** The value without its marks of secrets, and with texts that have no values in them as strings. What stands for other values stays as it is. */
export const plainValue = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => plainValue(item))
  if (!isRecord(value)) return value
  const expression = expressionOf(value)
  if (expression?._tag === "Secret") return plainValue(expression.value)
  if (expression?._tag === "Value") return value
  if (expression?._tag === "Text" && isPlainText(expression.parts)) {
    return expression.parts.map(({ text }) => text).join("")
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]))
}
