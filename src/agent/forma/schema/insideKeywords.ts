/** The keywords that apply a schema to what is inside a value. */
import { knownNames } from "../nearestName.ts"
import type { Application, Keyword, Keywords } from "./Keyword.ts"
import { isList, isObject } from "./json.ts"
import { All, invalid, type Outcome, unknown, valid } from "./Outcome.ts"
import { beside, inside, type Place } from "./Place.ts"
import { count } from "./sentences.ts"

type Key = string | number

/** Applies a schema to some of the properties or items, which it has seen then. */
const each = ({ run, scope }: Application, places: Iterable<readonly [schema: unknown, place: Place]>): Outcome => {
  const all = new All()
  const seen = new Set<string>()
  for (const [schema, place] of places) {
    const { found, verdict } = run.apply(schema, place, scope)
    all.add({ verdict, found })
    if (run.index.hasUnevaluated) seen.add(String(place.key))
    if (run.work.stoppedAt !== undefined) {
      all.add(unknown)
      break
    }
  }
  return { ...all.outcome(), seen }
}

const fieldsOf = (at: Place): ReadonlyArray<string> => (isObject(at.value) ? Object.keys(at.value) : [])

const placesOf = (at: Place, keys: Iterable<Key>): Array<Place> => {
  const { value } = at
  if (isList(value)) return [...keys].map((key) => inside(at, key, value[Number(key)]))
  return isObject(value) ? [...keys].map((key) => inside(at, key, value[key])) : []
}

const properties: Keyword = (operand, application) => {
  if (!isObject(operand)) return unknown
  const given = fieldsOf(application.at).filter((name) => Object.hasOwn(operand, name))
  return each(
    application,
    placesOf(application.at, given).map((place) => [operand[place.key], place]),
  )
}

const patternProperties: Keyword = (operand, application) => {
  if (!isObject(operand)) return unknown
  const { at, run } = application
  let isSure = true
  const applied: Array<readonly [unknown, Place]> = []
  for (const [pattern, schema] of Object.entries(operand)) {
    for (const place of placesOf(at, fieldsOf(at))) {
      const matches = run.matches(pattern, String(place.key), place)
      if (matches === true) applied.push([schema, place])
      else if (matches === undefined) isSure = false
    }
  }
  const outcome = each(application, applied)
  if (isSure) return outcome
  return { ...outcome, verdict: outcome.verdict === "valid" ? "unknown" : outcome.verdict, mayHaveSeenMore: true }
}

/** Whether a property is for `additionalProperties`. */
const isAdditional = (name: string, { at, run, schema }: Application): boolean | undefined => {
  const { patternProperties, properties } = schema
  if (isObject(properties) && Object.hasOwn(properties, name)) return false
  let sure: boolean | undefined = true
  for (const pattern of isObject(patternProperties) ? Object.keys(patternProperties) : []) {
    const matches = run.matches(pattern, name, at)
    if (matches === true) return false
    if (matches === undefined) sure = undefined
  }
  return sure
}

/** Applies a schema to places of which some may not be meant. */
const eachOf = (
  application: Application,
  schema: unknown,
  keys: ReadonlyArray<Key>,
  isMeant: (key: Key) => boolean | undefined,
): Outcome => {
  const kinds = Map.groupBy(keys, isMeant)
  const place = (meant: boolean | undefined) =>
    placesOf(application.at, kinds.get(meant) ?? []).map((one) => [schema, one] as const)
  const sure = each(application, place(true))
  const perhaps = each(application, place(undefined))
  if (perhaps.verdict === "valid" || sure.verdict === "invalid") return sure
  return { ...sure, verdict: "unknown", mayHaveSeenMore: true }
}

/** Of so many fields one is looked for that may be meant, for the first of those that are none. */
const most = { known: 100, strays: 10 } as const

/** What is there and must not be, with the field that was probably meant. */
const withMeant = (outcome: Outcome, { at, run, schema }: Application): Outcome => {
  const known = isObject(schema["properties"]) ? Object.keys(schema["properties"]) : []
  const strays = outcome.found.filter((one) => one.isUnexpected === true && one.at.parent === at).slice(0, most.strays)
  if (known.length === 0 || known.length > most.known || !run.work.spend(known.length * strays.length, at))
    return outcome
  const found = outcome.found.map((one) =>
    strays.includes(one) ? { ...one, wayOut: () => knownNames(String(one.at.key), "fields", known) } : one,
  )
  return { ...outcome, found }
}

const additionalProperties: Keyword = (operand, application) =>
  withMeant(
    eachOf(application, operand, fieldsOf(application.at), (name) => isAdditional(String(name), application)),
    application,
  )

const propertyNames: Keyword = (operand, application) => {
  const outcome = each(
    application,
    fieldsOf(application.at).map((name) => [operand, beside(application.at, name, name)]),
  )
  const found = outcome.found.map((one) => ({ ...one, message: `this name is not allowed: ${one.message}` }))
  return { verdict: outcome.verdict, found }
}

const prefixItems: Keyword = (operand, application) => {
  const { value } = application.at
  if (!isList(operand)) return unknown
  if (!isList(value)) return valid
  const keys = [...value.keys()].slice(0, operand.length)
  return each(
    application,
    placesOf(application.at, keys).map((place) => [operand[Number(place.key)], place]),
  )
}

const items: Keyword = (operand, application) => {
  const { at, schema } = application
  if (isList(operand)) return unknown
  if (!isList(at.value)) return valid
  const first = isList(schema["prefixItems"]) ? schema["prefixItems"].length : 0
  const keys = [...at.value.keys()].slice(first)
  return each(
    application,
    placesOf(at, keys).map((place) => [operand, place]),
  )
}

const contains: Keyword = (operand, { at, run, schema, scope }) => {
  if (!isList(at.value)) return valid
  const { maxContains = Infinity, minContains = 1 } = schema
  if (typeof maxContains !== "number" || typeof minContains !== "number") return unknown
  const seen = new Set<string>()
  let perhaps = 0
  for (const place of placesOf(at, at.value.keys())) {
    const { verdict } = run.apply(operand, place, scope)
    if (verdict === "valid") seen.add(String(place.key))
    else if (verdict === "unknown") perhaps += 1
    if (run.work.stoppedAt !== undefined) return unknown
  }
  const fits = (limit: string, wayOut: string) =>
    invalid({ at, message: `Expected ${limit} of the kind that the schema says`, wayOut })
  if (seen.size + perhaps < minContains) return fits(`at least ${count(minContains, "item")}`, "add what is missing")
  if (seen.size > maxContains) return fits(`at most ${count(maxContains, "item")}`, "take out what is too much")
  const isSure = seen.size >= minContains && seen.size + perhaps <= maxContains
  return { verdict: isSure ? "valid" : "unknown", found: [], seen, mayHaveSeenMore: perhaps > 0 }
}

export const insideKeywords: Keywords = {
  properties,
  patternProperties,
  additionalProperties,
  propertyNames,
  prefixItems,
  items,
  contains,
}

/** Applies `unevaluatedProperties` or `unevaluatedItems` to what the other keywords have not seen. */
export const applyUnevaluated = (application: Application, sofar: All): void => {
  for (const keyword of ["unevaluatedProperties", "unevaluatedItems"]) {
    const { at, schema } = application
    const isMeant = keyword === "unevaluatedItems" ? isList(at.value) : isObject(at.value)
    if (!isMeant || !Object.hasOwn(schema, keyword)) continue
    const keys: ReadonlyArray<Key> = isList(at.value) ? [...at.value.keys()] : fieldsOf(at)
    const meant = sofar.mayHaveSeenMore ? undefined : true
    const outcome = eachOf(application, schema[keyword], keys, (key) => (sofar.seen.has(String(key)) ? false : meant))
    sofar.add(outcome)
  }
}
