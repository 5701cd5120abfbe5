/** Whether a resource is as it is wanted: what is asked for against what there is. */
import * as Equal from "effect/Equal"
import * as JsonPatch from "effect/JsonPatch"
import { escapeToken } from "effect/JsonPointer"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { PatchOperation, Properties, PropertyTraits, TypeCapabilities } from "../../protocol/Resource.ts"
import { canonicalJson } from "../secrets/canonicalJson.ts"
import type { SealedProperties } from "../secrets/Seals.ts"

/** What must be done to a resource that exists. */
export type Difference =
  | { readonly _tag: "Same" }
  | { readonly _tag: "Update"; readonly changed: ReadonlyArray<string> }
  /** A create-only property is wanted otherwise: it takes another resource. */
  | { readonly _tag: "Replace"; readonly changed: ReadonlyArray<string> }

/** What is compared. */
export interface Compared {
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
export const compare = (compared: Compared, capabilities: TypeCapabilities): Difference => {
  const { actual, desired, prior, unknown } = compared
  const names = new Set([...Object.keys(desired), ...Object.keys(prior), ...unknown])
  const changed = [...names].filter((name) => {
    if (unknown.has(name)) return true
    const traits = capabilities.properties[name]
    const value = inOrder(desired[name], traits)
    const readable = isReadable(traits)
    // What is exactly so already needs no change, whatever was asked for before.
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
 * The same of arrays whose order says nothing: each thing that is wanted has a
 * thing of its own that holds it. Sorting would not find it, because what the
 * provider adds to a thing changes its place.
 */
const holdsSet = (actual: Schema.Json | undefined, desired: Schema.Json | undefined): boolean => {
  if (!Array.isArray(desired) || !Array.isArray(actual)) return holds(actual, desired)
  if (actual.length !== desired.length) return false
  /** By the place of a thing that there is: the place of the one that is wanted and has it. */
  const taken = new Map<number, number>()
  // One that finds all its things taken asks whoever has one to take another.
  const place = (wanted: number, asked: Set<number>): boolean =>
    actual.some((item: Schema.Json, index) => {
      if (asked.has(index) || !holds(item, desired[wanted])) return false
      asked.add(index)
      const holder = taken.get(index)
      if (holder !== undefined && !place(holder, asked)) return false
      taken.set(index, wanted)
      return true
    })
  return desired.every((_, wanted) => place(wanted, new Set()))
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
 * what is wanted (RFC 6902). What can not be read back and is not wanted any
 * more is a `remove`, although it is not there to be removed: the plugin would
 * not hear of it otherwise.
 */
export const updateBasis = (
  { actual, desired, prior }: Omit<Compared, "unknown">,
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
