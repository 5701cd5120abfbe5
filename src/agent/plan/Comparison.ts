/** Compares a resource with what is wanted. */
import * as JsonPatch from "effect/JsonPatch"
import { escapeToken } from "effect/JsonPointer"
import type * as Schema from "effect/Schema"
import { canonicalValue } from "../../protocol/canonicalValue.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { childOf, type PathNode, pathTreeOf } from "../../protocol/PathTree.ts"
import type { PatchOperation, Properties, PropertyTraits, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { isSeal, type SealedProperties, withoutSecrets } from "../secrets/Seals.ts"
import { isSame } from "./isSame.ts"
import { isIgnored, type PropertyPlace } from "../forma/IgnoredPlaces.ts"
import { differencesAt, type Finding, isHidden, outermost, type Surroundings, within } from "./Differences.ts"

/** What must be done to a resource that exists. Paths are JSON Pointers into its properties. */
export type Difference = { readonly seenOutside: ReadonlyArray<string> } & (
  | { readonly _tag: "Same" }
  | { readonly _tag: "Update"; readonly changed: ReadonlyArray<string> }
  /** A create-only property differs, which takes a new resource. */
  | { readonly _tag: "Replace"; readonly changed: ReadonlyArray<string>; readonly forcedBy: ReadonlyArray<string> }
)

/** What is compared, in the form in which the same has one form. */
export interface CanonicalInput {
  readonly desired: Properties
  readonly prior: SealedProperties
  readonly actual: Properties
}

export interface ComparisonInput {
  /**
   * What is asked for, with references resolved as far as they are known. A
   * property with an unknown value has what stands in for that value, or is left
   * out.
   */
  readonly desired: Properties
  /** The places whose value is not known yet, each from the name of the property on. They count as changed. */
  readonly unknown: ReadonlyArray<ReadonlyArray<string>>
  /** What was asked for last time, with seals opened where they fit. */
  readonly prior: SealedProperties
  /** What the provider has. */
  readonly actual: Properties
  /** The three in the form that the plugin gives them, if its type says `canonicalizes`. */
  readonly canonical?: CanonicalInput | undefined
  /**
   * The paths at which keys that were added elsewhere have been looked for
   * before. Such keys at other paths are reported as seen, and left alone. All
   * paths if it is left out.
   */
  readonly exactBefore?: ReadonlyArray<string> | undefined
  /** The places that are left to others. None if it is left out. */
  readonly ignored?: ReadonlyArray<PropertyPlace> | undefined
}

/** The canonical form of properties, as far as the type declares it. */
export const canonicalProperties = (properties: Properties, capabilities: TypeCapabilities): Properties => {
  const canonical = canonicalValue(properties, pathTreeOf(capabilities))
  return isRecord(canonical) ? canonical : properties
}

/**
 * Compares three ways. A place has changed if what is asked for differs from
 * what the provider has. What was asked for last time says what was removed
 * from the document, and stands for what the provider never returns. What the
 * provider adds by itself does not count as a change, except to objects whose
 * keys are the user's own.
 */
export const compare = (input: ComparisonInput, capabilities: TypeCapabilities): Difference => {
  const { findings, seen } = findingsOf(input, capabilities)
  const seenOutside = seen.map(({ path }) => path)
  if (findings.length === 0) return { _tag: "Same", seenOutside }
  const fixed = findings.filter(({ createOnly }) => createOnly)
  return fixed.length > 0
    ? { _tag: "Replace", changed: namesOf(fixed), forcedBy: [...new Set(fixed.map(({ path }) => path))], seenOutside }
    : { _tag: "Update", changed: namesOf(findings), seenOutside }
}

const namesOf = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> => [
  ...new Set(findings.map(({ place: [name = ""] }) => name)),
]

interface Findings {
  readonly findings: ReadonlyArray<Finding>
  /** Keys that were added elsewhere, and that are left alone. */
  readonly seen: ReadonlyArray<Finding>
}

/** The places that differ. */
export const findingsOf = (input: ComparisonInput, capabilities: TypeCapabilities): Findings => {
  const root = pathTreeOf(capabilities)
  const given = input.canonical ?? input
  const desired = canonicalProperties(given.desired, capabilities)
  const prior = canonicalProperties(given.prior, capabilities)
  const actual = canonicalProperties(given.actual, capabilities)
  const outer = outermost(capabilities.canonicalizes === true)
  const unknown = Map.groupBy(input.unknown, ([name = ""]) => name)
  const names = new Set([...Object.keys(desired), ...Object.keys(prior), ...unknown.keys()])
  const all = [...names].flatMap((name): ReadonlyArray<Finding> => {
    const places = unknown.get(name)?.map((place) => findingAt(place, root, outer)) ?? []
    if (places.length > 0 && !Object.hasOwn(desired, name)) return places
    const node = childOf(root, name)
    const at = within(outer, name, node)
    const values = { desired: ownValue(desired, name), prior: ownValue(prior, name), actual: ownValue(actual, name) }
    // What was asked for inside it before is not known, so it is sent as a whole.
    const isRewritten = isSeal(ownValue(input.prior, name)) && values.desired !== undefined && !isHidden(values, node)
    if (!isRewritten) return [...places, ...differencesAt(values, node, at)]
    return isSame(values.desired, values.actual, node) ? places : [...places, findingAt([name], root, outer)]
  })
  const found = all.filter(({ place }) => !isIgnored(input.ignored ?? [], place))
  // A key more than was asked for is no reason to give up a resource, and it cannot be taken out of one that is fixed.
  const isLeftAlone = ({ createOnly, extraIn }: Finding): boolean =>
    extraIn !== undefined && (createOnly || input.exactBefore?.includes(extraIn) === false)
  return {
    findings: found.filter((finding) => !isLeftAlone(finding)),
    seen: found.filter(isLeftAlone),
  }
}

/** A place that counts as changed. */
const findingAt = (place: ReadonlyArray<string>, root: PathNode, outer: Surroundings): Finding => {
  let node: PathNode | undefined = root
  let at = outer
  for (const token of place) {
    node = childOf(node, token)
    at = within(at, token, node)
  }
  return { path: at.path, place: at.place, createOnly: at.createOnly }
}

const isReadable = (traits: PropertyTraits | undefined): boolean =>
  traits === undefined || !(traits.writeOnly || traits.opaque)

/** What an update starts from, and what it changes. */
export interface UpdateBasis {
  /** The properties that can be given and read back, as the provider has them. */
  readonly prior: Properties
  readonly patch: ReadonlyArray<PatchOperation>
  /** All that was read, without secrets, for a type that makes use of it. */
  readonly lastRead?: Properties
}

/**
 * What an update starts from, and the patch to what is wanted (RFC 6902). For a
 * type that declares paths, the patch has the places that differ and no other:
 * what is the same in its canonical form is not in it. For other types it leads
 * from `prior` to what is wanted. A property that cannot be read back and is no
 * longer wanted is a `remove` although `prior` does not have it, because
 * otherwise the plugin would not know that it is to be removed.
 */
export const updateBasis = (input: Omit<ComparisonInput, "unknown">, capabilities: TypeCapabilities): UpdateBasis => {
  const { actual, desired, prior } = input
  const given = new Set([...Object.keys(desired), ...Object.keys(prior)])
  const basis = Object.fromEntries(
    Object.entries(actual).filter(([name]) => {
      const traits = ownValue(capabilities.properties, name)
      return given.has(name) && traits?.output !== true && traits?.opaque !== true
    }),
  )
  const read = capabilities.takesLastRead === true ? { lastRead: withoutSecrets(actual, capabilities) } : {}
  if (capabilities.paths !== undefined) {
    const { findings } = findingsOf({ ...input, unknown: [] }, capabilities)
    return { prior: basis, patch: patchOf(findings, basis, desired), ...read }
  }
  const unseen = Object.keys(prior).filter(
    (name) =>
      !isReadable(ownValue(capabilities.properties, name)) &&
      !Object.hasOwn(desired, name) &&
      !Object.hasOwn(basis, name),
  )
  const removals = unseen.map((name): PatchOperation => ({ op: "remove", path: `/${escapeToken(name)}` }))
  return { prior: basis, patch: [...JsonPatch.get(basis, desired), ...removals], ...read }
}

/** What is at a place inside a value. Undefined where nothing is. */
export const valueInside = (value: Schema.Json | undefined, place: ReadonlyArray<string>): Schema.Json | undefined =>
  place.reduce<Schema.Json | undefined>((inner, token) => {
    if (Array.isArray(inner)) return inner[Number(token)]
    return isRecord(inner) ? ownValue(inner, token) : undefined
  }, value)

/** One operation for each place. A place inside another one is part of it. */
const patchOf = (
  findings: ReadonlyArray<Finding>,
  basis: Properties,
  desired: Properties,
): ReadonlyArray<PatchOperation> => {
  const places = new Map(
    findings.map((finding) => {
      const place = reachable(finding.place, basis)
      return [pointerOf(place), place]
    }),
  )
  return [...places].flatMap(([path, place]): ReadonlyArray<PatchOperation> => {
    if (place.some((_, length) => length > 0 && places.has(pointerOf(place.slice(0, length))))) return []
    const value = valueInside(desired, place)
    if (value === undefined) return [{ op: "remove", path }]
    return [{ op: valueInside(basis, place) === undefined ? "add" : "replace", path, value }]
  })
}

/** A patch can set only what is inside of something that exists. */
const reachable = (place: ReadonlyArray<string>, basis: Properties): ReadonlyArray<string> => {
  const outer = place.slice(0, -1)
  const container = valueInside(basis, outer)
  return place.length < 2 || Array.isArray(container) || isRecord(container) ? place : reachable(outer, basis)
}

/** A place as a JSON Pointer. */
export const pointerOf = (place: ReadonlyArray<string>): string =>
  place.map((token) => `/${escapeToken(token)}`).join("")
