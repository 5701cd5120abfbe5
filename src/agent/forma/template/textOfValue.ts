/** Values as parts of a text. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isRecord } from "../../../protocol/isRecord.ts"
import { expressionOf } from "../Expression.ts"
import { formatText, parseText, type TextPart } from "../TextTemplate.ts"

/** A value as it is in a text. */
export interface ValueInText {
  readonly parts: ReadonlyArray<TextPart>
  readonly isSecret: boolean
}

const isJson = Schema.is(Schema.Json)

/** What a reference in a text is, if one can be written: not each name can. */
const referenceTo = (path: ReadonlyArray<string>): ValueInText | undefined => {
  const [first = "", second = "", ...rest] = path
  const parts: ReadonlyArray<TextPart> = [{ _tag: "Value", path: [first, second, ...rest] }]
  const read = parseText(formatText(parts))
  const isRead = Result.isSuccess(read) && formatText(read.success) === formatText(parts)
  return isRead ? { parts, isSecret: false } : undefined
}

/** Undefined where the value cannot be in a text. What stands for another value stays so. */
export const textOfValue = (value: unknown): ValueInText | undefined => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return { parts: [{ _tag: "Literal", text: String(value) }], isSecret: false }
  }
  if (!isRecord(value) || !isJson(value)) return undefined
  const found = expressionOf(value)
  switch (found?._tag) {
    case "Reference":
      return referenceTo([found.label, ...found.property])
    case "Output":
      return referenceTo(["output", ...found.names])
    case "Text":
      return { parts: found.parts, isSecret: false }
    case "Secret": {
      const inside = textOfValue(found.value)
      return inside && { ...inside, isSecret: true }
    }
    case "Bad":
    case undefined:
      return undefined
  }
}

/** What is said of a value that cannot be in a text. */
export const notInText =
  "only a string, a number, true or false can be put into a text; put this in by itself, or a value that is inside it"

const isSecretValue = (value: unknown): value is { readonly $secret: unknown } =>
  isRecord(value) && Object.hasOwn(value, "$secret") && Object.keys(value).length === 1

/** A value that is kept secret. What is secret already stays as it is. */
export const asSecret = (value: unknown): unknown => (isSecretValue(value) ? value : { $secret: value })

/** A map of which a secret is not marked twice. */
export const markedOnce = (value: { readonly [key: string]: unknown }): unknown =>
  isSecretValue(value) ? asSecret(value.$secret) : value

/** The value of a text of these parts. */
export const textOf = (parts: ReadonlyArray<TextPart>, isSecret: boolean): unknown => {
  const whole = parts.some((part) => part._tag === "Value")
    ? { $text: formatText(parts) }
    : parts.map((part) => (part._tag === "Literal" ? part.text : "")).join("")
  return isSecret ? asSecret(whole) : whole
}
