/**
 * Checks values against the JSON Schemas of plugins, so that mistakes are found
 * before anything is done. The work has a bound, whatever the schema: what cannot
 * be said within it is left to the plugin.
 */
import * as Effect from "effect/Effect"
import { formatIssue, type LocatedIssue } from "../../protocol/Issue.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { evaluate } from "./schema/evaluate.ts"
import type { Run } from "./schema/Keyword.ts"
import type { Found } from "./schema/Outcome.ts"
import { type CompilePattern, PatternMatcher } from "./schema/PatternMatcher.ts"
import { pathOf, rootPlace } from "./schema/Place.ts"
import { indexOf, type SchemaIndex } from "./schema/SchemaIndex.ts"
import { defaultWorkLimits, WorkAccount, type WorkLimits } from "./schema/Work.ts"

type Path = ReadonlyArray<PropertyKey>

/** What a schema finds in a value. */
export interface SchemaFindings {
  /** What is wrong, whatever the references stand for. */
  readonly issues: ReadonlyArray<LocatedIssue>
  /** What is wrong besides, if texts have to be in their formats, which are annotations by the standard. */
  readonly doubts: ReadonlyArray<LocatedIssue>
  /** Where the check was given up, because it takes more work than its bound. */
  readonly givenUpAt?: ReadonlyArray<string | number>
}

/** What a schema finds in a value that has references at these paths. */
export type CheckSchema = (schema: Properties, value: Properties, references?: ReadonlyArray<Path>) => SchemaFindings

interface Known {
  readonly index: SchemaIndex
  readonly patterns: PatternMatcher
  readonly account: WorkAccount
}

const told = ({ message, wayOut }: Found): string => {
  const words = typeof wayOut === "function" ? wayOut() : wayOut
  return words === undefined ? message : `${message}; ${words}`
}

export const makeSchemaCheck = (compile: CompilePattern, limits: WorkLimits = defaultWorkLimits): CheckSchema => {
  const known = new WeakMap<Properties, Known>()
  const find = (schema: Properties): Known => {
    const found = known.get(schema)
    if (found !== undefined) return found
    const account = new WorkAccount(limits)
    const made = { index: indexOf(schema), patterns: new PatternMatcher(compile), account }
    known.set(schema, made)
    return made
  }
  return (schema, value, references = []) => {
    const { account, index, patterns } = find(schema)
    const root = rootPlace(value, references)
    const look = (assertsFormats: boolean) => {
      const work = account.open(value)
      const matches: Run["matches"] = (pattern, text, at) => patterns.matches(pattern, text, at, work)
      const { found } = evaluate(schema, root, { work, index, matches, assertsFormats })
      const issues = found.map((one) => ({ path: pathOf(one.at), message: told(one) }))
      return { work, found: new Map(issues.map((issue) => [formatIssue(issue), issue])) }
    }
    const { found, work } = look(false)
    const strict = index.hasFormats ? look(true).found : found
    return {
      issues: [...found.values()],
      doubts: [...strict].filter(([text]) => !found.has(text)).map(([, issue]) => issue),
      ...(work.stoppedAt === undefined ? {} : { givenUpAt: pathOf(work.stoppedAt) }),
    }
  }
}

const withoutPatterns = makeSchemaCheck(() => undefined)
let withPatterns: CheckSchema | undefined

/** The check for these schemas. The engine for patterns is loaded at its first use. */
export const schemaCheckFor = (schemas: ReadonlyArray<Properties>): Effect.Effect<CheckSchema> =>
  Effect.suspend(() => {
    if (withPatterns !== undefined) return Effect.succeed(withPatterns)
    if (!schemas.some((schema) => indexOf(schema).hasPatterns)) return Effect.succeed(withoutPatterns)
    return Effect.map(
      Effect.promise(() => import("./schema/linearPattern.ts")),
      ({ linearPattern }) => (withPatterns ??= makeSchemaCheck(linearPattern)),
    )
  })
