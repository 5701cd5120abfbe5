/** What the shape of a document refuses, with a way out: the fields that there are, or the one that is to be written. */
import { type LocatedIssue, missingField, noSuchField } from "../../protocol/Issue.ts"
import type { FormaIssue } from "./FormaDocument.ts"
import { knownNames } from "./nearestName.ts"
import { alternativesIn, writeInstead } from "./schema/writeInstead.ts"
import { writeHere } from "./schema/writeHere.ts"

/** The names of the fields at a place. */
export type FieldsAt = (path: FormaIssue["path"]) => ReadonlyArray<string>

/** JSON has no keys that are symbols, but a value in a program may. */
const keyOf = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key)

const valueAt = (value: unknown, path: FormaIssue["path"]): unknown =>
  path.reduce((at: unknown, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), value)

/** `value` is what was refused. */
export const fieldIssues = (
  issues: ReadonlyArray<LocatedIssue>,
  fieldsAt: FieldsAt,
  value: unknown,
): ReadonlyArray<FormaIssue> =>
  issues.map(({ message, path: keys }) => {
    const path = keys.map(keyOf)
    const name = String(path.at(-1) ?? "")
    switch (message) {
      case noSuchField: {
        const known = fieldsAt(path.slice(0, -1))
        return {
          path,
          message: `${message}; ${known.length === 0 ? "take it out" : knownNames(name, "fields", known)}`,
        }
      }
      case missingField:
        if (typeof path.at(-1) === "number") {
          return { path: path.slice(0, -1), message: "the list has too few items; add one, or leave the list out" }
        }
        return { path, message: `${message}; ${writeHere(name)}` }
      default: {
        const expected = alternativesIn(message)
        return {
          path,
          message: expected === undefined ? message : `${message}; ${writeInstead(expected, valueAt(value, path))}`,
        }
      }
    }
  })
