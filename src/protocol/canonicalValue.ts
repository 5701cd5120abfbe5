/** The canonical form of a value: two values that are the same to the provider have the same one. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { PathTraits } from "./PathTraits.ts"
import { canonicalBlock } from "./canonicalBlock.ts"
import { canonicalPolicy } from "./canonicalPolicy.ts"
import { isRecord } from "./isRecord.ts"
import { childOf, type PathNode } from "./PathTree.ts"
import { canonicalJson } from "./canonicalJson.ts"

type Json = Schema.Json

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

const parsed = (value: Json): Json => (typeof value === "string" ? Option.getOrElse(parse(value), () => value) : value)

const isReserved = (key: string, reserved: ReadonlyArray<string>): boolean =>
  reserved.some((name) => (name.endsWith("*") ? key.startsWith(name.slice(0, -1)) : key === name))

/** Whether the canonical form of a value has other paths inside than the value itself. */
export const changesPaths = ({ distinct, json, list, policy }: PathTraits): boolean =>
  json === true || policy === true || list === true || distinct === true

/** What is outside is unfolded first, so that what is inside can be reached. */
const unfolded = (value: Json, { json, list, policy }: PathTraits): Json => {
  const document = json === true || policy === true ? parsed(value) : value
  if (policy === true) return canonicalPolicy(document)
  return list === true && !Array.isArray(document) && document !== null ? [document] : document
}

const number = /^[+-]?\d+(\.\d+)?$/

const scalar = (value: Json, traits: PathTraits): Json => {
  let form = value
  if (traits.number === true && typeof form === "string" && number.test(form.trim())) form = Number(form)
  if (traits.cidr === true && typeof form === "string") form = canonicalBlock(form)
  if (traits.ignoreCase === true && typeof form === "string") form = form.toLowerCase()
  const { aliases } = traits
  return aliases !== undefined && (typeof form === "string" || typeof form === "number") && Object.hasOwn(aliases, form)
    ? (aliases[String(form)] ?? form)
    : form
}

const withoutRepetition = (items: ReadonlyArray<Json>): ReadonlyArray<Json> => [
  ...new Map(items.map((item) => [canonicalJson(item), item])).values(),
]

/** The canonical form of a value at a place of a type. The form of a canonical form is itself. */
export const canonicalValue = (value: Json, node: PathNode | undefined): Json => {
  if (node === undefined) return value
  const { traits } = node
  const whole = unfolded(value, traits)
  if (Array.isArray(whole)) {
    const items = whole.map((item: Json, index) => canonicalValue(item, childOf(node, String(index))))
    return traits.distinct === true ? withoutRepetition(items) : items
  }
  if (!isRecord(whole)) return scalar(whole, traits)
  return Object.fromEntries(
    Object.entries(whole)
      .filter(([key]) => !isReserved(key, traits.reserved ?? []))
      .map(([key, inner]) => [key, canonicalValue(inner, childOf(node, key))]),
  )
}
