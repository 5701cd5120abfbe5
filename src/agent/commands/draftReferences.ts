/** References in what is drafted: a value that is the id of another resource stands for it, also inside of a text. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { formatText, type TextPart } from "../forma/TextTemplate.ts"

type Json = Schema.Json

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
const shortestInText = 6

/** A property of a resource, and whether its value may also stand inside of a text. */
interface Known {
  readonly property: string
  readonly inTexts: boolean
}

/** The values by which a resource is known: its id, and what the provider has made with the id in it. */
const valuesOf = ({ actual, nativeId, outputs }: Referable): ReadonlyMap<string, Known> => {
  const found = new Map<string, Known>()
  const texts = Object.entries(actual).flatMap(([name, value]) =>
    typeof value === "string" && value.length >= shortest ? [[name, value] as const] : [],
  )
  // An output says best that it is an id; after that comes a name that is the id.
  for (const [name, value] of texts.toSorted(([a], [b]) => Number(outputs.has(b)) - Number(outputs.has(a)))) {
    const hasId = value === nativeId || (outputs.has(name) && value.includes(nativeId))
    const isOwn = hasId || (outputs.has(name) && nativeId.includes(value) && /\d/.test(value))
    // A name that somebody has chosen may be a word of any text.
    const inTexts = hasId && outputs.has(name) && value.length >= shortestInText && /[\d:/]/.test(value)
    if (isOwn && !found.has(value)) found.set(value, { property: name, inTexts })
  }
  return found
}

interface Reference extends Known {
  readonly label: string
}

/** What each value stands for. A value of two resources stands for neither. */
const referencesOf = (others: ReadonlyArray<Referable>): ReadonlyMap<string, Reference> => {
  const found = new Map<string, Reference | undefined>()
  for (const other of others) {
    for (const [value, known] of valuesOf(other)) {
      found.set(value, found.has(value) ? undefined : { ...known, label: other.label })
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

/** What would make another id of the one beside it. */
const isIdPart = (character: string | undefined): boolean => character !== undefined && /[\w.-]/.test(character)

/** The text in parts, where it has whole values of others in it. The longest one counts of those that begin at one place. */
const partsOf = (
  text: string,
  byStart: ReadonlyMap<string, ReadonlyArray<readonly [value: string, reference: Reference]>>,
  isAllowed: (reference: Reference) => boolean,
): ReadonlyArray<TextPart> => {
  const parts: Array<TextPart> = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (isIdPart(text[at - 1])) continue
    const found = byStart
      .get(text.slice(at, at + shortestInText))
      ?.find(
        ([value, reference]) =>
          text.startsWith(value, at) && !isIdPart(text[at + value.length]) && isAllowed(reference),
      )
    if (found === undefined) continue
    const [value, { label, property }] = found
    if (at > from) parts.push({ _tag: "Literal", text: text.slice(from, at) })
    parts.push({ _tag: "Value", path: [label, property] })
    from = at + value.length
    at = from - 1
  }
  if (from < text.length) parts.push({ _tag: "Literal", text: text.slice(from) })
  return parts
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
  const inTexts = [...references]
    .filter(([, reference]) => reference.inTexts)
    .toSorted(([a], [b]) => b.length - a.length)
  const byStart = Map.groupBy(inTexts, ([value]) => value.slice(0, shortestInText))
  const written =
    (label: string) =>
    (text: string): Json => {
      const isAllowed = (reference: Reference) => !reaches(reference.label, label)
      const whole = references.get(text)
      if (whole !== undefined) {
        if (!isAllowed(whole)) return text
        needs.get(label)?.add(whole.label)
        return { $ref: `${whole.label}.${whole.property}` }
      }
      const parts = partsOf(text, byStart, isAllowed)
      const values = parts.flatMap((part) => (part._tag === "Value" ? [part.path[0]] : []))
      if (values.length === 0) return text
      for (const value of values) needs.get(label)?.add(value)
      return { $text: formatText(parts) }
    }
  return new Map(
    drafts.map(({ label, properties }) => [
      label,
      Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, mapTexts(value, written(label))])),
    ]),
  )
}
