/** Writes a pattern of JavaScript (flag `u`) as one of RE2, whose engine takes a time that grows only with the text. */
import * as Result from "effect/Result"

/** Why a pattern is not one at all: a sentence, or undefined if it is. The pattern is read and not run. */
export const patternProblem = (pattern: string): string | undefined => {
  const read = Result.try(() => new RegExp(pattern, "u"))
  if (Result.isSuccess(read)) return undefined
  const said = read.failure instanceof Error ? read.failure.message : String(read.failure)
  return `it is not a regular expression with the flag u: ${/\/u: ([^]*)$/.exec(said)?.[1] ?? said}`
}

/** What RE2 does not have, or has with another meaning: looking around, modifiers, and going back to a group. */
const beyond = /^\(\?(?:[=!ims-]|<[=!])|^\\(?:[1-9]|k)/

const spaces = String.raw`\t\n\v\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`
const notSpaces = String.raw`\x00-\x08\x0E-\x1F!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF}`
/** RE2 has no class without members. */
const anything = String.raw`\x00-\x{10FFFF}`

/** One piece of a pattern: an escape, the beginning of a group or of a class, or a character. */
const piece =
  /\\(?:u\{[\da-f]+\}|ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[pP]\{[^}]*\}|k<[^>]*>|[^])|\(\?(?:[ims-]+|<?[=!]?)|\[\^?\]?|[^]/giu

/** The same pattern for RE2, or undefined if there is none. The pattern must be a valid one. */
export const re2Pattern = (pattern: string): string | undefined => {
  let written = ""
  let isInClass = false
  let skipsName = false
  for (const [part] of pattern.matchAll(piece)) {
    if (skipsName) {
      skipsName = part !== ">"
      continue
    }
    if (!isInClass && beyond.test(part)) return undefined
    if (!isInClass && part === "(?<") {
      // Nobody asks for the groups of a pattern.
      written += "(?:"
      skipsName = true
    } else if (part.startsWith("\\")) written += escapeOf(part, isInClass)
    else if (isInClass) {
      if (part.endsWith("]")) isInClass = false
      written += part.replace("[", String.raw`\[`)
    } else if (part === "[]" || part === "[^]") written += part === "[]" ? `[^${anything}]` : `[${anything}]`
    else if (part.startsWith("[")) {
      isInClass = true
      written += part
    } else written += part === "." ? String.raw`[^\n\r\x{2028}\x{2029}]` : part
  }
  return written
}

const codePoint = (hex: string): string => String.raw`\x{${hex}}`

const escapeOf = (part: string, isInClass: boolean): string => {
  switch (part[1]) {
    case "s":
      return isInClass ? spaces : `[${spaces}]`
    case "S":
      return isInClass ? notSpaces : `[^${spaces}]`
    case "b":
      return isInClass ? String.raw`\x08` : part
    case "0":
      return String.raw`\x00`
    case "c":
      return codePoint(((part.codePointAt(2) ?? 0) % 32).toString(16))
    case "u":
      return unicodeOf(part)
    case "p":
    case "P":
      return propertyOf(part)
    default:
      return part
  }
}

/** RE2 knows the general categories by their short names only. */
const categories = new Map(
  Object.entries({
    C: "Other",
    Cc: "Control cntrl",
    Cf: "Format",
    Co: "Private_Use",
    Cs: "Surrogate",
    L: "Letter",
    Ll: "Lowercase_Letter",
    Lm: "Modifier_Letter",
    Lo: "Other_Letter",
    Lt: "Titlecase_Letter",
    Lu: "Uppercase_Letter",
    M: "Mark Combining_Mark",
    Mc: "Spacing_Mark",
    Me: "Enclosing_Mark",
    Mn: "Nonspacing_Mark",
    N: "Number",
    Nd: "Decimal_Number digit",
    Nl: "Letter_Number",
    No: "Other_Number",
    P: "Punctuation punct",
    Pc: "Connector_Punctuation",
    Pd: "Dash_Punctuation",
    Pe: "Close_Punctuation",
    Pf: "Final_Punctuation",
    Pi: "Initial_Punctuation",
    Po: "Other_Punctuation",
    Ps: "Open_Punctuation",
    S: "Symbol",
    Sc: "Currency_Symbol",
    Sk: "Modifier_Symbol",
    Sm: "Math_Symbol",
    So: "Other_Symbol",
    Z: "Separator",
    Zl: "Line_Separator",
    Zp: "Paragraph_Separator",
    Zs: "Space_Separator",
  }).flatMap(([short, names]) => names.split(" ").map((name) => [name, short] as const)),
)

/** `\p{Letter}`, `\p{Script=Greek}`. What RE2 does not know makes the pattern one that it refuses. */
const propertyOf = (part: string): string => {
  const [, property = "", value = ""] = /^..\{(?:([^=}]*)=)?([^}]*)\}$/.exec(part) ?? []
  const isCategory = ["", "General_Category", "gc"].includes(property)
  // A script is a property of its own in RE2 only, and extensions of scripts are not in it.
  if (!isCategory && !["Script", "sc"].includes(property)) return part
  return `${part.slice(0, 2)}{${isCategory ? (categories.get(value) ?? value) : value}}`
}

/** `\u0041`, `\u{1F600}`, or the two halves of a character. */
const unicodeOf = (part: string): string => {
  const [first = "", second] = part.match(/[\da-f]+/gi) ?? []
  if (second === undefined) return codePoint(first)
  const [high, low] = [Number.parseInt(first, 16), Number.parseInt(second, 16)]
  return codePoint(((high - 0xd800) * 0x400 + low - 0xdc00 + 0x10000).toString(16))
}
