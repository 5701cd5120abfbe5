/** The keywords that look at a value as it is. */
import { missingField } from "../../../protocol/Issue.ts"
import type { Application, Keyword, Keywords } from "./Keyword.ts"
import { inFormat } from "./formatExamples.ts"
import { isInFormat } from "./formats.ts"
import { isMultipleOf } from "./isMultipleOf.ts"
import { isList, isObject, isText } from "./json.ts"
import { type Found, invalid, type Outcome, unknown, valid, validIf } from "./Outcome.ts"
import { beside } from "./Place.ts"
import { canonicalText, isSameJson } from "./sameValue.ts"
import { count, expectedOneOf, literal, short } from "./sentences.ts"
import { writeHere } from "./writeHere.ts"

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: isList,
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  null: (value) => value === null,
  number: (value) => typeof value === "number",
  object: isObject,
  string: isText,
}

const type: Keyword = (operand, { at }) => {
  const names = isList(operand) ? operand : [operand]
  const known = names.filter((name) => isText(name)).filter((name) => Object.hasOwn(types, name))
  if (known.length < names.length || known.length === 0) return unknown
  if (known.some((name) => types[name]?.(at.value))) return valid
  const said = known.map((name) => (name !== "integer" ? name : typeof at.value === "number" ? "an integer" : "number"))
  return invalid(expectedOneOf(at, "type", said, String))
}

const oneOfValues = (values: ReadonlyArray<unknown>, { at, run }: Application): Outcome => {
  const found = () => expectedOneOf(at, "literal", values, literal)
  const isScalar = typeof at.value !== "object" || at.value === null
  if (isScalar) return run.work.spend(values.length, at) ? validIf(values.includes(at.value), found) : unknown
  for (const value of values) {
    const same = isSameJson(at.value, value, at, run.work)
    // What a reference in it stands for may make it the same.
    if (same === undefined || (!same && at.references !== undefined)) return unknown
    if (same) return valid
  }
  return invalid(found())
}

/** A keyword that compares a size or a number with its own. */
const bound =
  (
    sizeOf: (value: unknown, application: Application) => number | undefined,
    holds: (size: number, limit: number) => boolean,
    sentence: (limit: number) => string,
    wayOut: string,
  ): Keyword =>
  (operand, application) => {
    if (typeof operand !== "number") return unknown
    const size = sizeOf(application.at.value, application)
    return validIf(size === undefined || holds(size, operand), () => ({
      at: application.at,
      message: sentence(operand),
      wayOut,
    }))
  }

const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined)
const itemsOf = (value: unknown) => (isList(value) ? value.length : undefined)
const fieldsOf = (value: unknown) => (isObject(value) ? Object.keys(value).length : undefined)
const charactersOf = (value: unknown, { at, run }: Application) => {
  if (!isText(value)) return undefined
  run.work.spend(value.length / 16, at)
  let surrogates = 0
  for (const _ of value.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) surrogates += 1
  return value.length - surrogates
}
const atLeast = (size: number, limit: number) => size >= limit
const atMost = (size: number, limit: number) => size <= limit

const pattern: Keyword = (operand, { at, run }) => {
  if (!isText(operand)) return unknown
  if (!isText(at.value)) return valid
  return validIf(run.matches(operand, at.value, at), () => ({
    at,
    message: `Expected a string matching the RegExp ${short(operand)}`,
    wayOut: "write one that matches it",
  }))
}

/** Without an assertion, nobody can say what a schema means by a format that the text does not have. */
const format: Keyword = (operand, { at, run }) => {
  if (!isText(operand) || !isText(at.value)) return valid
  if (!run.work.spend(at.value.length, at)) return unknown
  if (isInFormat(at.value, operand)) return valid
  return run.assertsFormats
    ? invalid({ at, message: `Expected the format ${short(operand)}`, wayOut: inFormat(operand) })
    : { verdict: "unknown", found: [] }
}

const uniqueItems: Keyword = (operand, { at, run }) => {
  if (operand !== true || !isList(at.value)) return typeof operand === "boolean" ? valid : unknown
  const texts = new Set<string>()
  const references = at.references instanceof Map ? at.references : undefined
  let known = 0
  for (const [index, item] of at.value.entries()) {
    if (references?.has(String(index)) === true) continue
    const text = canonicalText(item, at, run.work)
    if (text === undefined) return unknown
    texts.add(text)
    known += 1
  }
  if (texts.size < known) {
    return invalid({ at, message: "Expected an array with unique items", wayOut: "take out what is there twice" })
  }
  return known < at.value.length ? unknown : valid
}

const missing = (
  { at, run, schema }: Application,
  names: ReadonlyArray<unknown>,
  why: (name: string) => readonly [reason: string, otherwise: string],
): Outcome => {
  const { value } = at
  const { properties } = schema
  if (!isObject(value)) return valid
  if (!run.work.spend(names.length, at)) return unknown
  const found = names
    .filter(isText)
    .filter((name) => !Object.hasOwn(value, name))
    .map((name): Found => {
      const [reason, otherwise] = why(name)
      const wayOut = () => `${writeHere(name, isObject(properties) ? properties[name] : undefined)}${otherwise}`
      return { at: beside(at, name), message: `${missingField}${reason}`, wayOut, missing: [name] }
    })
  return found.length === 0 ? valid : { verdict: "invalid", found }
}

const required: Keyword = (operand, application) =>
  isList(operand) ? missing(application, operand, () => ["", ""]) : unknown

export const dependentRequired: Keyword = (operand, application) => {
  const { value } = application.at
  if (!isObject(operand)) return unknown
  if (!isObject(value)) return valid
  const outcomes = Object.keys(operand)
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => {
      const names = operand[name]
      return isList(names)
        ? missing(application, names, () => [`: ${short(name)} needs it`, `, or take ${short(name)} out`])
        : unknown
    })
  const found = outcomes.flatMap((one) => one.found)
  if (found.length > 0) return { verdict: "invalid", found }
  return outcomes.every(({ verdict }) => verdict === "valid") ? valid : unknown
}

const larger = "write a larger one"
const smaller = "write a smaller one"
const add = "add what is missing"
const takeSomeOut = "take out what is too much"

export const valueKeywords: Keywords = {
  type,
  enum: (operand, application) => (isList(operand) ? oneOfValues(operand, application) : unknown),
  const: (operand, application) => oneOfValues([operand], application),
  minimum: bound(numberOf, atLeast, (limit) => `Expected a value greater than or equal to ${limit}`, larger),
  maximum: bound(numberOf, atMost, (limit) => `Expected a value less than or equal to ${limit}`, smaller),
  exclusiveMinimum: bound(
    numberOf,
    (size, limit) => size > limit,
    (limit) => `Expected a value greater than ${limit}`,
    larger,
  ),
  exclusiveMaximum: bound(
    numberOf,
    (size, limit) => size < limit,
    (limit) => `Expected a value less than ${limit}`,
    smaller,
  ),
  multipleOf: (operand, application) =>
    typeof operand === "number" && operand > 0
      ? bound(
          numberOf,
          isMultipleOf,
          (limit) => `Expected a value that is a multiple of ${limit}`,
          "write one that is",
        )(operand, application)
      : unknown,
  minLength: bound(
    charactersOf,
    atLeast,
    (limit) => `Expected a string with at least ${count(limit, "character")}`,
    "write a longer one",
  ),
  maxLength: bound(
    charactersOf,
    atMost,
    (limit) => `Expected a string with at most ${count(limit, "character")}`,
    "write a shorter one",
  ),
  pattern,
  format,
  minItems: bound(itemsOf, atLeast, (limit) => `Expected an array with at least ${count(limit, "item")}`, add),
  maxItems: bound(itemsOf, atMost, (limit) => `Expected an array with at most ${count(limit, "item")}`, takeSomeOut),
  uniqueItems,
  minProperties: bound(fieldsOf, atLeast, (limit) => `Expected an object with at least ${count(limit, "field")}`, add),
  maxProperties: bound(
    fieldsOf,
    atMost,
    (limit) => `Expected an object with at most ${count(limit, "field")}`,
    takeSomeOut,
  ),
  required,
  dependentRequired,
}
