/** Takes secrets out of messages. What a plugin says of a failure may quote what it was given. */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"

/** Shorter ones are in every sentence, and nobody could read it without them. */
const shortest = 4

/** The texts that a secret consists of. */
export const secretTexts = (secret: Schema.Json): ReadonlyArray<string> => {
  if (typeof secret === "string") return secret.length < shortest ? [] : [secret]
  if (typeof secret === "number") return secretTexts(String(secret))
  if (Array.isArray(secret)) return secret.flatMap(secretTexts)
  return Predicate.isObject(secret) ? Object.values(secret as Schema.JsonObject).flatMap(secretTexts) : []
}

/** `text` without these secrets, also where they are quoted as in JSON. */
export const mask = (text: string, secrets: ReadonlyArray<string>): string => {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  // The longest first: one may be a part of another.
  return forms
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, form) => masked.replaceAll(form, "<redacted>"), text)
}
