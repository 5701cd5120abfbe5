/** Text from elsewhere, as a terminal may have it: what would steer the terminal, or hide, is shown instead. */

/**
 * Control characters (C0, DEL and C1), format characters (bidirectional overrides,
 * zero-width characters), line and paragraph separators, and halves of surrogate pairs.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const short: Readonly<Record<string, string>> = { "\n": String.raw`\n`, "\r": String.raw`\r`, "\t": String.raw`\t` }

/** By code units, as JSON escapes: in a text of JSON the value stays what it is. */
const escapeOf = (character: string): string =>
  short[character] ??
  character
    .split("")
    .map((unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("")

/** One line: newlines are shown too. */
export const visible = (text: string): string => text.replaceAll(unprintable, escapeOf)

/** How a line begins that continues a text from elsewhere. No line of the command itself begins like that. */
const quoteMark = "  | "

/** Several lines, if the text has newlines: all but the first are marked, so that none can pass for a line of the command. */
export const visibleLines = (text: string): ReadonlyArray<string> =>
  text
    .replace(/(\r?\n)+$/, "")
    .split(/\r?\n/)
    .map((line, index) => `${index === 0 ? "" : quoteMark}${visible(line)}`)
