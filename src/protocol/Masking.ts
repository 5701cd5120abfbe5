/** Takes secrets out of messages: what a provider or a plugin says of a failure may quote what it was given. */
import * as Predicate from "effect/Predicate"

/** Shorter lines of a longer secret stand in too much that is no secret. */
const shortestLine = 4

/** A shorter end of a message is like the beginning of a secret by chance. */
const shortestStart = 4

/** A message of thousands of characters is not cut off any more. */
const mostCompared = 4096

const mark = "<redacted>"

/** The texts that a value consists of. */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
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

/** A message that was cut off may end with the beginning of a secret. */
const withoutStart = (text: string, secret: string): string => {
  const longest = Math.min(secret.length - 1, text.length, mostCompared)
  for (let length = longest; length >= shortestStart; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + mark
  }
  return text
}

/** `message` without any of these secrets. */
export const mask = (message: string, secrets: ReadonlyArray<string>): string => {
  // The longest first: one may be a part of another.
  const forms = [...new Set(secrets.flatMap(formsOf))]
    .filter((form) => form.trim() !== "")
    .toSorted((a, b) => b.length - a.length)
  const shown = forms.reduce((text, form) => text.replaceAll(form, mark), message)
  return forms.reduce(withoutStart, shown)
}
