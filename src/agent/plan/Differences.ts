/**
 * What differs between what is wanted and what the provider has, place by place.
 * Values are in their canonical form already.
 */
import { escapeToken } from "effect/JsonPointer"
import type * as Schema from "effect/Schema"
import { changesPaths } from "../../protocol/canonicalValue.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { childOf, type PathNode } from "../../protocol/PathTree.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { defaultOf, isAbsent, isChoice, isNothing, isSame, isUpdatable } from "./isSame.ts"
import { matchItems } from "./matchItems.ts"

type Json = Schema.Json

/** One place where a resource differs from what is wanted. */
export interface Finding {
  /** The place, as a JSON Pointer into the canonical form. */
  readonly path: string
  /** The same place in the properties as they are given, or what contains it if its canonical form has other paths. */
  readonly place: ReadonlyArray<string>
  /** The declared path of the object that has a key more than it should. Left out for all other differences. */
  readonly extraIn?: string
  /** Whether a change of this place takes a new resource. */
  readonly createOnly: boolean
}

/** What holds at a place because of what is around it. */
export interface Surroundings {
  readonly path: string
  readonly place: ReadonlyArray<string>
  /** Whether `place` no longer follows `path`. */
  readonly isFolded: boolean
  /** The declared path that makes this place exact. */
  readonly exactBy: string | undefined
  readonly createOnly: boolean
}

/** The surroundings of the properties as a whole. */
export const outermost = (isFolded: boolean): Surroundings => ({
  path: "",
  place: [],
  isFolded,
  exactBy: undefined,
  createOnly: false,
})

/** The surroundings of what is at `token`. The first token of a place is always kept. */
export const within = (outer: Surroundings, token: string, node: PathNode | undefined): Surroundings => {
  const traits = node?.traits
  const isExact = traits?.exact ?? (traits?.policy === true ? true : undefined)
  return {
    path: `${outer.path}/${escapeToken(token)}`,
    place: outer.isFolded && outer.place.length > 0 ? outer.place : [...outer.place, token],
    // The items of a set stand in another order at the provider.
    isFolded: outer.isFolded || (traits !== undefined && (traits.unordered === true || changesPaths(traits))),
    exactBy: isExact === undefined ? outer.exactBy : isExact ? node?.path : undefined,
    createOnly: outer.createOnly || traits?.createOnly === true,
  }
}

export interface Compared {
  /** What is wanted. Undefined or null if nothing is. */
  readonly desired: Json | undefined
  /** What was wanted last time. */
  readonly prior: Json | undefined
  readonly actual: Json | undefined
}

/** Whether it is not known what the provider has. */
export const isHidden = ({ actual }: Pick<Compared, "actual">, node: PathNode | undefined): boolean =>
  node?.traits.writeOnly === true && !(node.traits.maybeReturned === true && !isAbsent(actual))

/** The differences at one place and inside it. */
export const differencesAt = (
  { actual, desired, prior }: Compared,
  node: PathNode | undefined,
  at: Surroundings,
): ReadonlyArray<Finding> => {
  const { createOnly, exactBy, path, place } = at
  const isFixed = createOnly && !isUpdatable(actual, desired, node)
  const changed: ReadonlyArray<Finding> = [{ path, place, createOnly: isFixed }]
  if (node?.traits.output === true) return []
  if (isAbsent(desired)) {
    if (isHidden({ actual }, node)) return isNothing(prior, node) ? [] : changed
    // It was never asked for: what the provider adds by itself is no difference, except to the user's own keys.
    if (isNothing(prior, node)) {
      return exactBy === undefined || isNothing(actual, node) || isSame(actual, defaultOf(node), node)
        ? []
        : [{ path, place, extraIn: exactBy, createOnly }]
    }
    return isNothing(actual, node) || isSame(actual, defaultOf(node), node) ? [] : changed
  }
  if (isHidden({ actual }, node) || (node?.traits.maybeReturned === true && isAbsent(actual))) {
    return isSame(desired, prior, node) ? [] : changed
  }
  const present = isAbsent(actual) ? defaultOf(node) : actual
  if (isNothing(present, node)) return isNothing(desired, node) ? [] : changed
  if (isChoice(desired, present, node) && (isAbsent(prior) || isSame(desired, prior, node))) return []
  if (isRecord(desired) && isRecord(present)) {
    return differencesInObject({ desired, prior, actual: present }, node, at)
  }
  if (Array.isArray(desired) && Array.isArray(present)) {
    return differencesInArray({ desired, prior, actual: present }, node, at) ?? changed
  }
  return isSame(desired, present, node) ? [] : changed
}

interface ComparedObjects extends Compared {
  readonly desired: Schema.JsonObject
  readonly actual: Schema.JsonObject
}

const differencesInObject = (
  { actual, desired, prior }: ComparedObjects,
  node: PathNode | undefined,
  at: Surroundings,
): ReadonlyArray<Finding> => {
  const before = isRecord(prior) ? prior : {}
  const keys = [
    ...Object.keys(desired),
    ...Object.keys(before),
    ...(at.exactBy === undefined ? [] : Object.keys(actual)),
  ]
  return [...new Set(keys)].flatMap((key) => {
    const child = childOf(node, key)
    const values = { desired: ownValue(desired, key), prior: ownValue(before, key), actual: ownValue(actual, key) }
    return differencesAt(values, child, within(at, key, child))
  })
}

interface ComparedArrays extends Compared {
  readonly desired: ReadonlyArray<Json>
  readonly actual: ReadonlyArray<Json>
}

/** Undefined if the arrays differ as a whole. */
const differencesInArray = (
  compared: ComparedArrays,
  node: PathNode | undefined,
  at: Surroundings,
): ReadonlyArray<Finding> | undefined => {
  const { actual, desired, prior } = compared
  const keyed = node?.traits.keyedBy === undefined ? undefined : differencesByKey(compared, node, at)
  if (keyed !== undefined) return keyed
  if (desired.length !== actual.length) return undefined
  if (node?.traits.unordered === true) return differencesInSet(compared, node, at)
  const isAligned = Array.isArray(prior) && prior.length === desired.length
  // Without the item that stood here before, it is not known what was removed from the item.
  if (!isAligned && !isAbsent(prior) && !isSame(desired, actual, node)) return undefined
  return desired.flatMap((item, index) => {
    const token = String(index)
    const child = childOf(node, token)
    const before = isAligned ? (prior as ReadonlyArray<Json>)[index] : undefined
    return differencesAt({ desired: item, prior: before, actual: actual[index] }, child, within(at, token, child))
  })
}

/** Items that have the same key are the same item. Undefined if keys are missing, or occur twice. */
const differencesByKey = (
  { actual, desired, prior }: ComparedArrays,
  node: PathNode,
  at: Surroundings,
): ReadonlyArray<Finding> | undefined => {
  const [wanted, present, before] = [desired, actual, Array.isArray(prior) ? prior : []].map((items) =>
    itemsByKey(items, node.traits.keyedBy ?? []),
  )
  if (wanted === undefined || present === undefined) return undefined
  const inside = [...wanted.keys()].flatMap((key, index) => {
    const token = String(index)
    const child = childOf(node, token)
    const item = present.get(key)
    const values = { desired: wanted.get(key), prior: before?.get(key), actual: item }
    return item === undefined ? [] : differencesAt(values, child, within(at, token, child))
  })
  const isWhole = wanted.size === present.size && [...wanted.keys()].every((key) => present.has(key))
  return isWhole ? inside : [...inside, { path: at.path, place: at.place, createOnly: at.createOnly }]
}

const itemsByKey = (
  items: ReadonlyArray<Json>,
  fields: ReadonlyArray<string>,
): ReadonlyMap<string, Json> | undefined => {
  const byKey = new Map<string, Json>()
  for (const item of items) {
    if (!isRecord(item) || !fields.every((field) => Object.hasOwn(item, field))) return undefined
    byKey.set(canonicalJson(fields.map((field) => item[field] ?? null)), item)
  }
  return byKey.size === items.length ? byKey : undefined
}

const differencesInSet = (
  { actual, desired, prior }: ComparedArrays,
  node: PathNode,
  at: Surroundings,
): ReadonlyArray<Finding> | undefined => {
  if (isSame(desired, actual, node)) return []
  // What was asked for is new, so what the provider has is not what it adds by itself.
  if (!isAbsent(prior) && !isSame(desired, prior, node)) return undefined
  const child = childOf(node, "0")
  const differencesOf = (item: Json, other: Json, index: number) => {
    const token = String(index)
    return differencesAt({ desired: item, prior: item, actual: other }, child, within(at, token, child))
  }
  const matched = (isAccepted: (findings: ReadonlyArray<Finding>) => boolean) =>
    matchItems(desired, actual, (item, other, index) => {
      const findings = differencesOf(item, other, index)
      return isAccepted(findings) ? findings : undefined
    })
  const pairs =
    matched((findings) => findings.length === 0) ??
    matched((findings) => findings.every(({ extraIn }) => extraIn !== undefined))
  return pairs?.flat()
}
