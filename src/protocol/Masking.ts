/** Takes secrets out of messages: a provider or a plugin that reports a failure may quote what it was given. */
import * as Predicate from "effect/Predicate"

/** Shorter lines of a secret are left alone: they occur in too much text that is not secret. */
const minLineLength = 4

/** A shorter match at the end of a message may be chance. */
const minPrefixLength = 4

/** How much of the end of a message is compared, in characters. A message that was cut off is not longer. */
const maxCompared = 4096

const replacement = "<redacted>"

/** All strings and numbers in a value, as strings. */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (Predicate.isString(value)) return [value]
  if (Predicate.isNumber(value)) return [String(value)]
  return Predicate.isObjectOrArray(value) ? Object.values(value).flatMap(textsIn) : []
}

/** The forms in which a secret may be quoted: whole, as in JSON, and line by line, because an error may quote one line. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  ...secret.split(/\r?\n/).filter((line) => line.length >= minLineLength),
]

/** Masks the end of a message that was cut off in the middle of a secret. */
const maskCutOff = (text: string, secret: string): string => {
  const longest = Math.min(secret.length - 1, text.length, maxCompared)
  for (let length = longest; length >= minPrefixLength; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + replacement
  }
  return text
}

/** The message, with every occurrence of these secrets replaced by `<redacted>`. */
export const mask = (message: string, secrets: ReadonlyArray<string>): string => {
  // The longest first, because one may be a part of another.
  const forms = [...new Set(secrets.flatMap(formsOf))]
    .filter((form) => form.trim() !== "")
    .toSorted((a, b) => b.length - a.length)
  const shown = forms.reduce((text, form) => text.replaceAll(form, replacement), message)
  return forms.reduce(maskCutOff, shown)
}
