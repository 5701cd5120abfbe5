/** Values of a configuration, each with the place where it was given. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { type LocatedIssue, locateIssues } from "../../protocol/Issue.ts"
import { fieldIssues } from "../forma/fieldIssues.ts"
import type { Position } from "../forma/LocatedText.ts"
import { AgentConfiguration } from "./AgentConfiguration.ts"
import { below, type ConfigurationNode, configurationNode, fieldsAt } from "./ConfigurationField.ts"

/** Where a value was given: in a file, by a variable of the environment, by a flag, by a caller of the API, or nowhere. */
export type Origin = FileOrigin | NamedOrigin | DefaultOrigin

/** A place in a file. */
export interface FileOrigin {
  readonly _tag: "File"
  /** How the file is named to the user. */
  readonly file: string
  /** Where it is in the file. Undefined where that is not known. */
  readonly position: () => Position | undefined
}

/** A variable, a flag, or a caller of the API. */
export interface NamedOrigin {
  /** Which of them it is. */
  readonly _tag: "Flag" | "Variable" | "Api"
  /** `--state`, `FORMAE_STATE`, `the API (alice)`. */
  readonly name: string
}

/** It was not given. */
export interface DefaultOrigin {
  readonly _tag: "Default"
}

/** One value that was given. */
export interface Setting {
  /** The keys that lead to it. */
  readonly path: ReadonlyArray<string>
  /** The value itself. */
  readonly value: unknown
  /** Where it was given. */
  readonly origin: Origin
}

/** Where it was given, in words: `formae.config.yaml:3:5`, `FORMAE_STATE`, `--state`. */
export const describeOrigin = (origin: Origin): string => {
  switch (origin._tag) {
    case "File": {
      const at = origin.position()
      return at === undefined ? origin.file : `${origin.file}:${at.line}:${at.column}`
    }
    case "Variable":
    case "Flag":
    case "Api":
      return origin.name
    case "Default":
      return "default"
  }
}

const settingsBelow = (
  node: ConfigurationNode | undefined,
  value: unknown,
  path: ReadonlyArray<string>,
  originOf: (path: ReadonlyArray<string>) => Origin,
): ReadonlyArray<Setting> =>
  node === undefined || node._tag === "Value" || !isRecord(value)
    ? [{ path, value, origin: originOf(path) }]
    : Object.entries(value).flatMap(([key, part]) => settingsBelow(below(node, key), part, [...path, key], originOf))

/** The single values in a configuration. One that was not decoded may have values that it cannot have. */
export const settingsIn = (
  configuration: AgentConfiguration | Readonly<Record<string, unknown>>,
  originOf: (path: ReadonlyArray<string>) => Origin,
): ReadonlyArray<Setting> => settingsBelow(configurationNode(), configuration, [], originOf)

/** Not with an assignment: a name may be `__proto__`. */
const nest = (settings: ReadonlyArray<Setting>, depth = 0): unknown => {
  const whole = settings.findLast(({ path }) => path.length === depth)
  if (whole !== undefined) return whole.value
  const parts = Map.groupBy(settings, ({ path }) => path[depth] ?? "")
  return Object.fromEntries([...parts].map(([key, below]) => [key, nest(below, depth + 1)]))
}

const decode = Schema.decodeUnknownEffect(AgentConfiguration, { onExcessProperty: "error", errors: "all" })

/**
 * The configuration that settings make. Of several for the same value the last
 * one counts. Fails where each by itself is as it should be, but not what they make together.
 */
export const configurationOf = (
  settings: ReadonlyArray<Setting>,
): Effect.Effect<AgentConfiguration, ReadonlyArray<LocatedIssue>> => {
  if (settings.length === 0) return Effect.succeed({})
  const value = nest(settings)
  return Effect.mapError(decode(value), ({ issue }) => fieldIssues(locateIssues(issue), fieldsAt, value))
}
