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

/** A resource that others may refer to. */
export interface Referable {
  readonly label: string
  readonly nativeId: string
  /** As the provider has it, without secrets. */
  readonly actual: Properties
  /** The names of its properties that are set by the provider. */
  readonly outputs: ReadonlySet<string>
  /** The labels that it refers to. */
  readonly dependsOn: ReadonlyArray<string>
}

/** Shorter texts are too often the same by chance. */
const shortest = 4

/** The values by which a resource is known: its id, and what the provider has made with the id in it. */
const valuesOf = ({ actual, nativeId, outputs }: Referable): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const texts = Object.entries(actual).flatMap(([name, value]) =>
    typeof value === "string" && value.length >= shortest ? [[name, value] as const] : [],
  )
  // An output says best that it is an id; after that comes a name that is the id.
  for (const [name, value] of texts.toSorted(([a], [b]) => Number(outputs.has(b)) - Number(outputs.has(a)))) {
    const isOwn =
      value === nativeId ||
      (outputs.has(name) && (value.includes(nativeId) || (nativeId.includes(value) && /\d/.test(value))))
    if (isOwn && !found.has(value)) found.set(value, name)
  }
  return found
}

/** What each value stands for. A value of two resources stands for neither. */
const referencesOf = (others: ReadonlyArray<Referable>): ReadonlyMap<string, { label: string; property: string }> => {
  const found = new Map<string, { label: string; property: string } | undefined>()
  for (const other of others) {
    for (const [value, property] of valuesOf(other)) {
      found.set(value, found.has(value) ? undefined : { label: other.label, property })
    }
  }
  return new Map([...found].flatMap(([value, one]) => (one === undefined ? [] : [[value, one]])))
}

const mapTexts = (value: Json, replace: (text: string) => Json): Json => {
  if (typeof value === "string") return replace(value)
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, replace))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, replace)]))
}

/** A draft that may refer to others, and to which others may refer. */
export interface Draft extends Referable {
  readonly properties: Properties
}

/** The properties of drafts with references where a value is that of another resource. No resource comes to need itself. */
export const withReferences = (
  drafts: ReadonlyArray<Draft>,
  others: ReadonlyArray<Referable>,
): ReadonlyMap<string, Properties> => {
  const references = referencesOf([...others, ...drafts])
  const needs = new Map([...others, ...drafts].map(({ dependsOn, label }) => [label, new Set(dependsOn)]))
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true
    if (seen.has(from)) return false
    seen.add(from)
    return [...(needs.get(from) ?? [])].some((next) => reaches(next, to, seen))
  }
  return new Map(
    drafts.map(({ label, properties }) => [
      label,
      Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [
          name,
          mapTexts(value, (text) => {
            const found = references.get(text)
            if (found === undefined || reaches(found.label, label)) return text
            needs.get(label)?.add(found.label)
            return { $ref: `${found.label}.${found.property}` }
          }),
        ]),
      ),
    ]),
  )
}
