/** Whether a resource is as it is wanted: what is asked for against what there is. */
import * as Equal from "effect/Equal"
import * as JsonPatch from "effect/JsonPatch"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { PatchOperation, Properties, PropertyTraits, TypeCapabilities } from "../../protocol/Resource.ts"
import { canonicalJson } from "./canonicalJson.ts"
import type { SealedProperties } from "./Sealed.ts"

/** What must be done to a resource that exists. */
export type Difference =
  | { readonly _tag: "Same" }
  | { readonly _tag: "Update"; readonly changed: ReadonlyArray<string> }
  /** A create-only property is wanted otherwise: it takes another resource. */
  | { readonly _tag: "Replace"; readonly changed: ReadonlyArray<string> }

export interface Wanted {
  /** What is asked for, references resolved as far as they are known. */
  readonly desired: Properties
  /** The properties whose value is not known yet: taken for changed. */
  readonly unknown: ReadonlySet<string>
  /** What was asked for last time, seals opened where they fit. */
  readonly prior: SealedProperties
  /** What the provider has. */
  readonly actual: Properties
}

/**
 * Compares three ways. A property has changed if it is asked for otherwise
 * than last time, or if the provider has it otherwise than it is asked for; so
 * a removal from the forma is seen, and so is a change made elsewhere. What
 * the provider adds of its own is no change.
 */
export const compare = (wanted: Wanted, capabilities: TypeCapabilities): Difference => {
  const { actual, desired, prior, unknown } = wanted
  const names = new Set([...Object.keys(desired), ...Object.keys(prior), ...unknown])
  const changed = [...names].filter((name) => {
    if (unknown.has(name)) return true
    const traits = capabilities.properties[name]
    const value = inOrder(desired[name], traits)
    const readable = traits === undefined || !(traits.writeOnly || traits.opaque)
    // What is exactly so already needs no change, whatever was asked for before.
    if (readable && Equal.equals(inOrder(actual[name], traits), value)) return false
    if (!Equal.equals(value, inOrder(prior[name], traits))) return true
    return readable && !holds(inOrder(actual[name], traits), value)
  })
  if (changed.length === 0) return { _tag: "Same" }
  const fixed = changed.filter((name) => capabilities.properties[name]?.createOnly === true)
  return fixed.length > 0 ? { _tag: "Replace", changed: fixed } : { _tag: "Update", changed }
}

/** Whether `actual` has all that `desired` says. A null is the same as nothing. */
const holds = (actual: Schema.Json | undefined, desired: Schema.Json | undefined): boolean => {
  if (desired === undefined || desired === null) return true
  if (Array.isArray(desired)) {
    return (
      Array.isArray(actual) &&
      actual.length === desired.length &&
      desired.every((item: Schema.Json, index) => holds(actual[index], item))
    )
  }
  if (Predicate.isObject(desired)) {
    const has = actual
    return (
      Predicate.isObject(has) &&
      !Array.isArray(has) &&
      Object.entries(desired).every(([key, value]) => holds((has as Properties)[key], value as Schema.Json))
    )
  }
  return actual === desired
}

const inOrder = (value: Schema.Json | undefined, traits: PropertyTraits | undefined): Schema.Json | undefined =>
  traits?.unordered === true && Array.isArray(value)
    ? value
        .map((item: Schema.Json) => ({ item, key: canonicalJson(item) }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ item }) => item)
    : value

/**
 * What an update is told of the past: the properties that can be given and
 * read back, as the provider has them, and the patch that leads from there to
 * what is wanted (RFC 6902).
 */
export const updateBasis = (
  { actual, desired, prior }: Omit<Wanted, "unknown">,
  capabilities: TypeCapabilities,
): { readonly prior: Properties; readonly patch: ReadonlyArray<PatchOperation> } => {
  const given = new Set([...Object.keys(desired), ...Object.keys(prior)])
  const basis = Object.fromEntries(
    Object.entries(actual).filter(([name]) => {
      const traits = capabilities.properties[name]
      return given.has(name) && traits?.output !== true && traits?.opaque !== true
    }),
  )
  return { prior: basis, patch: JsonPatch.get(basis, desired) }
}
