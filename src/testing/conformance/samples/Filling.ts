/** Puts values in place of placeholders, of references, and of what a sample changes. */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { type Lookup, resolveReferences } from "../../../agent/forma/References.ts"
import type { Properties } from "../../../protocol/Resource.ts"
import { isPlaceholder, type Placeholder, placeholder } from "./Placeholder.ts"

/** What the placeholders stand for. */
export type Filling = Readonly<Record<Placeholder, string>>

export const fillText = (text: string, filling: Filling): string =>
  text.replaceAll(placeholder, (whole, name: string) => (isPlaceholder(name) ? filling[name] : whole))

const fill = (value: Schema.Json, filling: Filling): Schema.Json => {
  if (typeof value === "string") return fillText(value, filling)
  if (Array.isArray(value)) return value.map((item: Schema.Json) => fill(item, filling))
  return Predicate.isObject(value) ? fillObject(value as Properties, filling) : value
}

export const fillObject = (value: Properties, filling: Filling): Properties =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, filling)]))

/** With values in place of the references that `lookup` knows. */
export const resolve = (properties: Properties, lookup: Lookup): Properties =>
  resolveReferences(properties, lookup).properties

/** `change` put over `properties`, where a null removes a property. */
export const applyChange = (properties: Properties, change: Properties): Properties =>
  Object.fromEntries(Object.entries({ ...properties, ...change }).filter(([, value]) => value !== null))
