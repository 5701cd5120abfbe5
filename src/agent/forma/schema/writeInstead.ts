/** What to write where a value is none of those that are expected, without the value: it may be secret. */
import { nearestName } from "../nearestName.ts"
import { isList, isObject, isText } from "./json.ts"

/** A longer text is no slip, and takes too long to compare. */
const longest = 40
const isShort = (text: string): boolean => text.length <= longest

const kindOf = (given: unknown): string => {
  if (given === null) return "empty (null)"
  if (given === undefined) return "undefined"
  if (isList(given)) return "a list"
  return isObject(given) ? "an object" : `a ${typeof given}`
}

/** What a value of each type looks like, in YAML and in JSON. */
const looks: Readonly<Record<string, string>> = {
  string: "write a text",
  number: "write a number, without quotes",
  "an integer": "write a number without decimals",
  boolean: "write true or false, without quotes",
  array: "write a list: [ ... ]",
  object: "write its fields: { name: ... }",
  null: "write null",
}

/** What a sentence of a decoder lists, if it is only that. */
export const alternativesIn = (message: string): ReadonlyArray<string> | undefined => {
  const expected = /^Expected (.+)$/.exec(message)?.[1]?.split(" | ")
  return expected?.every((one) => Object.hasOwn(looks, one) || one.startsWith('"')) === true ? expected : undefined
}

const isPlain = (given: unknown): boolean => typeof given === "number" || typeof given === "boolean"

/**
 * The end of a sentence. `expected` are the names of types and literals of
 * JSON, as the sentence lists them.
 */
export const writeInstead = (expected: ReadonlyArray<string>, given: unknown): string => {
  const literals = expected.filter((one) => !Object.hasOwn(looks, one))
  if (literals.length > 0) {
    const texts = literals
      .filter((one) => one.startsWith('"'))
      .map((one) => one.slice(1, -1))
      .filter(isShort)
    const nearest = isText(given) && isShort(given) ? nearestName(given, texts) : undefined
    if (nearest !== undefined) return `did you mean "${nearest}"?`
    return expected.length === 1 ? "write that" : "write one of these"
  }
  const way = expected.includes("string") && isPlain(given) ? "put it in quotes" : (looks[expected[0] ?? ""] ?? "")
  return `this is ${kindOf(given)}, so ${way}`
}
