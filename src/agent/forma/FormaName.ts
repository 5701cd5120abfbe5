/** The name of a forma: by it, a state knows which resources belong to a document. */
import * as Schema from "effect/Schema"

const maxLength = 200

/** Control characters, separators of lines, marks that change the direction of a text, and halves of characters. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u

/** Why a text cannot be a name, as a sentence without a subject. Undefined where it can. */
export const objectionToName = (name: string): string | undefined => {
  if (name.trim() === "") return "is empty"
  if (name.length > maxLength) return `has more than ${maxLength} characters`
  if (unprintable.test(name)) return "has a character that cannot be seen, such as a line break"
  if (name.trim() !== name) return "begins or ends with a space"
  return undefined
}

/** What a name can be, whatever the objection is. */
export const nameRule = `a name has 1 to ${maxLength} characters that can be seen, and no space around it`

/** Any text that can be printed in a line. It is compared as it is. */
export const FormaName = Schema.String.check(
  Schema.makeFilter((name) => {
    const objection = objectionToName(name)
    return objection === undefined
      ? undefined
      : `Expected a name that can be printed in a line, but it ${objection}; ${nameRule}`
  }),
)

/** The name that a file gives its document: its own, without the extension. Accents are written in one way only. */
export const nameOfFile = (base: string): string => base.normalize("NFC")

/**
 * What is the same for two names that differ only in capitals or in how accents
 * are written. Many file systems take such names for one, and people do too.
 */
export const nameKey = (name: string): string =>
  // Lower case first: of the letters with several small forms, such as the two sigmas, each has the same capital.
  name.normalize("NFD").toLowerCase().toUpperCase().normalize("NFC")

/** The name that formae 0.1.0 gave to the document of a file. Different files could have the same one. */
export const earlierNameOf = (base: string): string => {
  const cleaned = base.replaceAll(/[^A-Za-z0-9_-]/g, "-")
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`
}
