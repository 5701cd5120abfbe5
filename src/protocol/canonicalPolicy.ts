/** Policy documents of AWS, in the form in which two that mean the same are equal. */
import type * as Schema from "effect/Schema"
import { isRecord } from "./isRecord.ts"

type Json = Schema.Json

const listOf = (value: Json): ReadonlyArray<Json> => (Array.isArray(value) ? value : [value])

/** A list of texts without order and without repetition. A single text is a list of it. */
const setOf = (value: Json, form: (text: string) => string = (text) => text): Json => {
  const items = listOf(value)
  if (!items.every((item) => typeof item === "string" || typeof item === "number" || typeof item === "boolean")) {
    return value
  }
  return [...new Set(items.map((item) => form(String(item))))].toSorted()
}

/** The number of an account instead of the ARN of its root user, which is how IAM returns it. */
const canonicalAccount = (principal: string): string =>
  /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal)?.[1] ?? principal

const canonicalPrincipal = (principal: Json): Json => {
  if (principal === "*") return { AWS: ["*"] }
  if (!isRecord(principal)) return principal
  return Object.fromEntries(
    Object.entries(principal).map(([kind, who]) => [kind, setOf(who, kind === "AWS" ? canonicalAccount : undefined)]),
  )
}

const canonicalCondition = (condition: Json): Json =>
  isRecord(condition)
    ? Object.fromEntries(
        Object.entries(condition).map(([operator, keys]) => [
          operator,
          isRecord(keys) ? Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, setOf(values)])) : keys,
        ]),
      )
    : condition

const canonicalElement = (name: string, value: Json): Json => {
  switch (name) {
    case "Action":
    case "NotAction":
      // The names of actions are the same in upper and lower case.
      return setOf(value, (action) => action.toLowerCase())
    case "Resource":
    case "NotResource":
      return setOf(value)
    case "Principal":
    case "NotPrincipal":
      return canonicalPrincipal(value)
    case "Condition":
      return canonicalCondition(value)
    default:
      return value
  }
}

/** An id that is empty, and a condition without any operator, say nothing. */
const saysNothing = (name: string, value: Json): boolean =>
  ((name === "Sid" || name === "Id") && value === "") ||
  (name === "Condition" && isRecord(value) && Object.keys(value).length === 0)

const mapEntries = (object: Schema.JsonObject, form: (name: string, value: Json) => Json): Schema.JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([name, value]) => !saysNothing(name, value))
      .map(([name, value]) => [name, form(name, value)]),
  )

/** The canonical form of a policy document. A value that is not a policy document is returned as it is. */
export const canonicalPolicy = (document: Json): Json =>
  isRecord(document)
    ? mapEntries(document, (name, value) =>
        name === "Statement"
          ? listOf(value).map((statement) =>
              isRecord(statement) ? mapEntries(statement, canonicalElement) : statement,
            )
          : value,
      )
    : document
