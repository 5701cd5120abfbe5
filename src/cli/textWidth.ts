/** Texts in the columns that they take on a terminal. They have to be visible already. */
import stringWidth from "string-width"

/** How many columns a text takes. */
export const widthOf = (text: string): number => stringWidth(text)

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })

const graphemes = (text: string): ReadonlyArray<string> => Array.from(segmenter.segment(text), ({ segment }) => segment)

/** As many of the characters as fit, from the first on. */
const fitting = (characters: ReadonlyArray<string>, width: number): ReadonlyArray<string> => {
  let taken = 0
  const end = characters.findIndex((character) => (taken += widthOf(character)) > width)
  return end === -1 ? characters : characters.slice(0, end)
}

const dots = "…"

/** A text whose middle is left out where it is too long: both ends tell ids apart. */
export const cutMiddle = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  const characters = graphemes(text)
  const head = fitting(characters, Math.ceil((width - 1) / 2))
  const tail = fitting(characters.toReversed(), Math.floor((width - 1) / 2))
  return `${head.join("")}${dots}${tail.toReversed().join("")}`
}

/** A text whose end is left out where it is too long. */
export const cutEnd = (text: string, width: number): string => {
  // Only so many of the characters of a long text can fit.
  const start = text.length > width * 8 ? text.slice(0, width * 8) : text
  if (start.length === text.length && widthOf(text) <= width) return text
  return `${fitting(graphemes(start), Math.max(width - 1, 0)).join("")}${dots}`
}

/**
 * A line broken between words, with its indent in each part. Words stay whole: who is
 * asked has to see all of a path. A number stays with what it counts.
 */
export const foldLine = (line: string, width: number): ReadonlyArray<string> => {
  const [indent = ""] = /^ *(- )?/.exec(line) ?? []
  const lines: Array<string> = []
  for (const word of line.slice(indent.length).split(/(?<!\d) /)) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`${last === undefined ? indent : " ".repeat(indent.length)}${word}`)
  }
  return lines
}

/** The lines of a text that is broken between words. A word that is too long is cut in its middle. */
export const wrapWords = (text: string, width: number): ReadonlyArray<string> => {
  if (widthOf(text) <= width) return [text]
  const lines: Array<string> = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(cutMiddle(word, width))
  }
  return lines
}
