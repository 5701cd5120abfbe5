/** Whether the patterns in the schemas of a plugin are regular expressions. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { HandshakeResponse } from "../../../../protocol/Handshake.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"

export const patternDescriptions = {
  "handshake.patterns": {
    section: sections.handshake,
    title: "has patterns that are regular expressions with the flag u",
    remedy: "Write patterns in the syntax of JavaScript; with the flag u, a `-` is not escaped outside of brackets.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const checkPatterns = ({ types }: HandshakeResponse): Effect.Effect<void, Finding> => {
  for (const { schema, targetSchema, type } of types) {
    for (const pattern of [...patternsIn(schema), ...patternsIn(targetSchema)]) {
      const problem = problemOf(pattern)
      if (problem !== undefined) {
        return Effect.fail(mismatch("a pattern that compiles", `${type}: ${show(pattern)}: ${problem}`))
      }
    }
  }
  return Effect.void
}

const problemOf = (pattern: string): string | undefined => {
  try {
    return void new RegExp(pattern, "u")
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The values of these keywords are data, and not schemas. */
const data: ReadonlySet<string> = new Set(["const", "default", "enum", "examples"])

/** These hold schemas by name, so that a key of theirs is not a keyword. */
const named: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "dependentSchemas",
  "patternProperties",
  "properties",
])

const patternsIn = (schema: unknown): ReadonlyArray<string> => {
  if (Array.isArray(schema)) return schema.flatMap(patternsIn)
  if (!Predicate.isObject(schema)) return []
  return Object.entries(schema).flatMap(([keyword, value]: readonly [string, unknown]) => {
    if (keyword === "pattern" && typeof value === "string") return [value]
    if (data.has(keyword)) return []
    if (!named.has(keyword) || !Predicate.isObject(value)) return patternsIn(value)
    return [...(keyword === "patternProperties" ? Object.keys(value) : []), ...Object.values(value).flatMap(patternsIn)]
  })
}
