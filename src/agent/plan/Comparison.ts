/** Compares a resource with what is wanted. */
import * as Equal from "effect/Equal"
import * as JsonPatch from "effect/JsonPatch"
import { escapeToken } from "effect/JsonPointer"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { PatchOperation, Properties, PropertyTraits, TypeCapabilities } from "../../protocol/Resource.ts"
import { canonicalJson } from "../../protocol/canonical/canonicalJson.ts"
import type { SealedProperties } from "../secrets/Seals.ts"

/** What must be done to a resource that exists. */
export type Difference =
  | { readonly _tag: "Same" }
  | { readonly _tag: "Update"; readonly changed: ReadonlyArray<string> }
  /** A create-only property differs, which takes a new resource. */
  | { readonly _tag: "Replace"; readonly changed: ReadonlyArray<string> }

export interface ComparisonInput {
  /** What is asked for, with references resolved as far as they are known. */
  readonly desired: Properties
  /** The properties whose value is not known yet. They count as changed. */
  readonly unknown: ReadonlySet<string>
  /** What was asked for last time, with seals opened where they fit. */
  readonly prior: SealedProperties
  /** What the provider has. */
  readonly actual: Properties
}

/**
 * Compares three ways. A property has changed if what is asked for differs from
 * last time, or from what the provider has. So a removal from the document is
 * noticed, and so is a change made elsewhere. What the provider adds by itself
 * does not count as a change.
 */
export const compare = (input: ComparisonInput, capabilities: TypeCapabilities): Difference => {
  const { actual, desired, prior, unknown } = input
  const names = new Set([...Object.keys(desired), ...Object.keys(prior), ...unknown])
  const changed = [...names].filter((name) => {
    if (unknown.has(name)) return true
    const traits = capabilities.properties[name]
    const value = inOrder(desired[name], traits)
    const readable = isReadable(traits)
    // A property that has exactly this value needs no change, no matter what was asked for before.
    if (readable && Equal.equals(inOrder(actual[name], traits), value)) return false
    if (!Equal.equals(value, inOrder(prior[name], traits))) return true
    return readable && !(traits?.unordered === true ? holdsSet : holds)(actual[name], desired[name])
  })
  if (changed.length === 0) return { _tag: "Same" }
  const fixed = changed.filter((name) => capabilities.properties[name]?.createOnly === true)
  return fixed.length > 0 ? { _tag: "Replace", changed: fixed } : { _tag: "Update", changed }
}

const isReadable = (traits: PropertyTraits | undefined): boolean =>
  traits === undefined || !(traits.writeOnly || traits.opaque)

/**
 * `holds` for arrays whose order does not matter: each wanted item needs an
 * actual item of its own that holds it. Sorting does not help, because what the
 * provider adds to an item changes its place in the order.
 */
const holdsSet = (actual: Schema.Json | undefined, desired: Schema.Json | undefined): boolean => {
  if (!Array.isArray(desired) || !Array.isArray(actual)) return holds(actual, desired)
  if (actual.length !== desired.length) return false
  /** The index of the wanted item that each actual item is assigned to. */
  const assigned = new Map<number, number>()
  // A bipartite matching: if all items that fit are assigned, one of their owners must take another item.
  const assign = (wanted: number, tried: Set<number>): boolean =>
    actual.some((item: Schema.Json, index) => {
      if (tried.has(index) || !holds(item, desired[wanted])) return false
      tried.add(index)
      const owner = assigned.get(index)
      if (owner !== undefined && !assign(owner, tried)) return false
      assigned.set(index, wanted)
      return true
    })
  return desired.every((_, wanted) => assign(wanted, new Set()))
}

/** Whether `actual` has everything that `desired` has. A null is the same as a missing value. */
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
 * What an update starts from: `prior`, the properties that can be given and
 * read back, as the provider has them, and `patch`, which leads from there to
 * what is wanted (RFC 6902). A property that cannot be read back and is no
 * longer wanted is a `remove` although `prior` does not have it, because
 * otherwise the plugin would not know that it is to be removed.
 */
export const updateBasis = (
  { actual, desired, prior }: Omit<ComparisonInput, "unknown">,
  capabilities: TypeCapabilities,
): { readonly prior: Properties; readonly patch: ReadonlyArray<PatchOperation> } => {
  const given = new Set([...Object.keys(desired), ...Object.keys(prior)])
  const basis = Object.fromEntries(
    Object.entries(actual).filter(([name]) => {
      const traits = capabilities.properties[name]
      return given.has(name) && traits?.output !== true && traits?.opaque !== true
    }),
  )
  const unseen = Object.keys(prior).filter(
    (name) =>
      !isReadable(capabilities.properties[name]) && !Object.hasOwn(desired, name) && !Object.hasOwn(basis, name),
  )
  const removals = unseen.map((name): PatchOperation => ({ op: "remove", path: `/${escapeToken(name)}` }))
  return { prior: basis, patch: [...JsonPatch.get(basis, desired), ...removals] }
}
