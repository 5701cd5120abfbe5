/** The sentences about what a schema expects. Values that were given are not in them, because they may be secret. */
import type { Found } from "./Outcome.ts"
import type { Place } from "./Place.ts"
import { writeInstead } from "./writeInstead.ts"

/** Text of a plugin, cut to what one can read. */
export const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text)

const mostListed = 50
/** What is looked through for the one that is meant. */
const mostCompared = 300

/** `values` may be more than one can read. */
export const expectedOneOf = (
  at: Place,
  of: "type" | "literal",
  values: ReadonlyArray<unknown>,
  write: (value: unknown) => string,
): Found => {
  const each = [...new Set(values.slice(0, mostListed).map(write))]
  const more = values.length - mostListed
  if (each.length === 0) return { at, message: nothingAllowed, wayOut: takeOut, expected: { of, each } }
  const message = `Expected ${each.join(" | ")}${more > 0 ? ` | and ${more} more` : ""}`
  const wayOut = () => writeInstead([...each, ...values.slice(mostListed, mostCompared).map(write)], at.value)
  return { at, message, wayOut, expected: { of, each } }
}

export const nothingAllowed = "no value is allowed here"
export const takeOut = "take it out"

export const literal = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(short(value))
  if (typeof value !== "object" || value === null) return String(value)
  return Array.isArray(value) ? "an array that the schema gives" : "an object that the schema gives"
}

export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`
