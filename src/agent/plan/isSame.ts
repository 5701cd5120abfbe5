/** When two canonical values are the same. */
import * as Equal from "effect/Equal"
import type * as Schema from "effect/Schema"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { canonicalValue } from "../../protocol/canonicalValue.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { childOf, type PathNode } from "../../protocol/PathTree.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { matchItems } from "./matchItems.ts"

type Json = Schema.Json

export const isAbsent = (value: Json | undefined): value is undefined | null => value === undefined || value === null

const isEmpty = (value: Json | undefined): boolean =>
  value === "" || (Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0)

/** Whether a value says nothing at its place. */
export const isNothing = (value: Json | undefined, node: PathNode | undefined): boolean =>
  isAbsent(value) || (node?.traits.emptyIsAbsent === true && isEmpty(value))

/** Whether two canonical values are the same. The order of sets does not matter, at any depth. */
export const isSame = (one: Json | undefined, other: Json | undefined, node: PathNode | undefined): boolean => {
  const a = isAbsent(one) ? defaultOf(node) : one
  const b = isAbsent(other) ? defaultOf(node) : other
  if (isNothing(a, node) || isNothing(b, node)) return isNothing(a, node) && isNothing(b, node)
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false
    if (node?.traits.unordered !== true) {
      return a.every((item: Json, index) => isSame(item, b[index], childOf(node, String(index))))
    }
    const child = childOf(node, "0")
    return (
      textOfSet(a) === textOfSet(b) ||
      matchItems<Json, true>(a, b, (item, match) => (isSame(item, match, child) ? true : undefined)) !== undefined
    )
  }
  if (isRecord(a) && isRecord(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
      isSame(ownValue(a, key), ownValue(b, key), childOf(node, key)),
    )
  }
  return Equal.equals(a, b)
}

/** A text that is the same in every order of the items. */
const textOfSet = (items: ReadonlyArray<Json>): string => items.map(canonicalJson).toSorted().join("\n")

export const defaultOf = (node: PathNode | undefined): Json | undefined =>
  node?.traits.default === undefined ? undefined : canonicalValue(node.traits.default, node)

/** Whether the provider has chosen `actual` because it was left to choose. */
export const isChoice = (desired: Json, actual: Json | undefined, node: PathNode | undefined): boolean => {
  const choices = node?.traits.resolvedTo
  return (
    choices !== undefined &&
    typeof desired === "string" &&
    ownValue(choices, desired)?.some((choice) => Equal.equals(choice, actual)) === true
  )
}

/** Whether a value that cannot be changed after create can be changed in this way. */
export const isUpdatable = (
  actual: Json | undefined,
  desired: Json | undefined,
  node: PathNode | undefined,
): boolean => {
  const changes = node?.traits.updatable
  const from = String(isAbsent(actual) ? defaultOf(node) : actual)
  const to = isAbsent(desired) ? defaultOf(node) : desired
  return ownValue(changes, from)?.some((one) => Equal.equals(one, to)) === true
}
