/** Which properties of a thing a document should state, and with which references. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { childOf, type PathNode, pathTreeOf } from "../../protocol/PathTree.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { canonicalProperties } from "../plan/Comparison.ts"
import { defaultOf, isNothing, isSame } from "../plan/isSame.ts"
import { isSealed } from "../secrets/Seals.ts"

type Json = Schema.Json

/** What a document should state of a thing. */
export interface Drafted {
  readonly properties: Properties
  /** The properties that are secret, and that it has or needs. */
  readonly secrets: ReadonlyArray<string>
  /** A property with a value that no document can state. */
  readonly notWritable: string | undefined
}

/** Whether a part of a value would be taken for what stands for another value. */
const standsForAnother = (value: Json): boolean => {
  if (Array.isArray(value)) return value.some((item: Json) => standsForAnother(item))
  if (!isRecord(value)) return false
  return Object.entries(value).some(([key, item]) => key.startsWith("$") || standsForAnother(item))
}

/** A value without what is set by the provider, or never returned, inside of it. */
const givable = (value: Json, node: PathNode | undefined): Json => {
  if (Array.isArray(value)) return value.map((item: Json, index) => givable(item, childOf(node, String(index))))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const child = childOf(node, key)
      return child?.traits.output === true || item === null ? [] : [[key, givable(item, child)] as const]
    }),
  )
}

/**
 * The properties that can be given, as the provider has them. What a document
 * does not state is never compared, so what is left out changes nothing.
 */
export const draftProperties = (actual: Properties, capabilities: TypeCapabilities): Drafted => {
  const root = pathTreeOf(capabilities)
  const canonical = canonicalProperties(actual, capabilities)
  const traitsOf = Object.entries(capabilities.properties)
  const isGiven = (name: string) => ownValue(actual, name) !== undefined && ownValue(actual, name) !== null
  const open = traitsOf.flatMap(([name, traits]): ReadonlyArray<readonly [string, Json]> => {
    const value = ownValue(actual, name)
    if (value === undefined || value === null || traits.output || isSealed(traits)) return []
    const node = childOf(root, name)
    const isLeftOut =
      !traits.required &&
      (isNothing(ownValue(canonical, name), node) ||
        (node?.traits.default !== undefined && isSame(ownValue(canonical, name), defaultOf(node), node)))
    return isLeftOut ? [] : [[name, givable(value, node)]]
  })
  return {
    properties: Object.fromEntries(open),
    secrets: traitsOf.flatMap(([name, traits]) =>
      isSealed(traits) && !traits.output && (traits.required || isGiven(name)) ? [name] : [],
    ),
    notWritable: open.find(([, value]) => standsForAnother(value))?.[0],
  }
}
