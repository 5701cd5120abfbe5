/** The single values of a configuration, as its schema has them. */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { defaultOperatorSettings } from "../../protocol/Settings.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { defaultSupervisionSettings } from "../supervision/SupervisionSettings.ts"
import type { FieldsAt } from "../forma/fieldIssues.ts"
import { AgentConfiguration } from "./AgentConfiguration.ts"
import { defaultWaitMillis } from "./defaultWaitMillis.ts"

/** Stands in a path for any name. */
export const anyName = "NAME"

/** A place of the schema: one that has fields, one that has the same below each name, or a single value. */
export type ConfigurationNode =
  | { readonly _tag: "Section"; readonly fields: Readonly<Record<string, ConfigurationNode>> }
  | { readonly _tag: "Named"; readonly each: ConfigurationNode }
  | { readonly _tag: "Value"; readonly schema: ValueSchema }

export type ValueSchema = Schema.Codec<unknown, unknown>

const isSection = (schema: object): schema is Schema.Struct<Schema.Struct.Fields> =>
  Predicate.hasProperty(schema, "fields") && Predicate.isObject(schema.fields)

const isList = (schema: object): boolean =>
  Predicate.hasProperty(schema, "ast") && Predicate.isTagged(schema.ast, "Arrays")

const nodeOf = (schema: object): ConfigurationNode => {
  if (Predicate.hasProperty(schema, "schema") && Predicate.isObjectKeyword(schema.schema)) return nodeOf(schema.schema)
  if (isSection(schema)) {
    const fields = Object.entries(schema.fields).map(([name, field]) => [name, nodeOf(field)] as const)
    return { _tag: "Section", fields: Object.fromEntries(fields) }
  }
  // A list has the schema of its items there.
  if (isList(schema)) return { _tag: "Value", schema: schema as ValueSchema }
  if (Predicate.hasProperty(schema, "value") && Predicate.isObjectKeyword(schema.value) && isSection(schema.value)) {
    return { _tag: "Named", each: nodeOf(schema.value) }
  }
  return { _tag: "Value", schema: schema as ValueSchema }
}

let root: ConfigurationNode | undefined

/** The whole schema. */
export const configurationNode = (): ConfigurationNode => (root ??= nodeOf(AgentConfiguration))

/** What is below a key. Undefined where there is nothing. */
export const below = (node: ConfigurationNode | undefined, key: string): ConfigurationNode | undefined => {
  switch (node?._tag) {
    case "Section":
      return ownValue(node.fields, key)
    case "Named":
      return node.each
    default:
      return undefined
  }
}

/** The place of a path. Undefined where there is none. */
const nodeAt = (path: ReadonlyArray<string>): ConfigurationNode | undefined =>
  path.reduce<ConfigurationNode | undefined>(below, configurationNode())

/** One value that can be set. */
export interface ConfigurationField {
  /** The keys that lead to it, with `anyName` for a name that the user chooses. */
  readonly path: ReadonlyArray<string>
  readonly schema: ValueSchema
  /** What holds if nothing is set. Undefined where nothing does. */
  readonly default: unknown
}

/** What an agent that stays uses, and commands that run on it. */
export const defaultStaying = { idleMillis: 300_000, waitMillis: defaultWaitMillis }

const defaults = { agent: defaultStaying, operator: defaultOperatorSettings, supervision: defaultSupervisionSettings }

/** What holds at a path if nothing is set for all plugins. */
export const defaultAt = (path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((value, key) => (isRecord(value) ? ownValue(value, key) : undefined), defaults)

const fieldsOf = (node: ConfigurationNode, path: ReadonlyArray<string>): ReadonlyArray<ConfigurationField> => {
  switch (node._tag) {
    case "Section":
      return Object.entries(node.fields).flatMap(([name, field]) => fieldsOf(field, [...path, name]))
    case "Named":
      return fieldsOf(node.each, [...path, anyName])
    case "Value":
      return [{ path, schema: node.schema, default: defaultAt(path) }]
  }
}

/** All values that can be set, in the order of the schema. */
export const configurationFields = (): ReadonlyArray<ConfigurationField> => fieldsOf(configurationNode(), [])

/** The names of the fields at a place in a configuration. */
export const fieldsAt: FieldsAt = (path) => {
  const parent = nodeAt(path.map(String))
  return parent?._tag === "Section" ? Object.keys(parent.fields) : []
}
