/** What a provider says of a request may quote it: what is secret in the request is taken out of the failure. */
import * as Predicate from "effect/Predicate"
import type { Failure } from "../protocol/ErrorCode.ts"
import type { TypeCapabilities } from "../protocol/Resource.ts"

/** Shorter lines of a longer secret stand in too much that is no secret. */
const shortestLine = 4

/** A shorter end of a message is like the beginning of a secret by chance. */
const shortestStart = 4

/** A message of thousands of characters is not cut off any more. */
const mostCompared = 4096

const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (Predicate.isString(value)) return [value]
  if (Predicate.isNumber(value)) return [String(value)]
  return Predicate.isObjectOrArray(value) ? Object.values(value).flatMap(textsIn) : []
}

/** The forms in which it would be recognized: whole, as JSON has it, and line by line, for an error may end with a line. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  ...secret.split(/\r?\n/).filter((line) => line.length >= shortestLine),
]

const mark = "<redacted>"

/** A message that was cut off may end with the beginning of a secret. */
const withoutStart = (text: string, secret: string): string => {
  const longest = Math.min(secret.length - 1, text.length, mostCompared)
  for (let length = longest; length >= shortestStart; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + mark
  }
  return text
}

/** The parts of a request that may hold secrets: requests of all kinds have some of them. */
interface Asked {
  readonly targetConfig: object
  readonly properties?: object
  readonly desired?: object
  readonly prior?: object
}

/** The failure of a request to a resource type without any value that was secret in it. */
export const redacted = (
  { properties: traits, targetSecrets = [] }: TypeCapabilities,
  { desired = {}, prior = {}, properties = {}, targetConfig }: Asked,
  failure: Failure,
): Failure => {
  const opaque = Object.keys(traits).filter((name) => traits[name]?.opaque === true)
  const valuesOf = (from: object, names: ReadonlyArray<string>) =>
    Object.entries(from).flatMap(([name, value]: [string, unknown]) => (names.includes(name) ? textsIn(value) : []))
  const secrets = [
    ...[properties, desired, prior].flatMap((from) => valuesOf(from, opaque)),
    ...valuesOf(targetConfig, targetSecrets),
  ]
  // The longest first: one may be a part of another.
  const forms = [...new Set(secrets.flatMap(formsOf))]
    .filter((form) => form.trim() !== "")
    .toSorted((a, b) => b.length - a.length)
  const shown = forms.reduce((text, form) => text.replaceAll(form, mark), failure.message)
  return { ...failure, message: forms.reduce(withoutStart, shown) }
}
