/**
 * How deep a frame is nested, and how many values it has. What handles values
 * calls itself once per level, so a value of some thousand levels would end the
 * process that handles it. And a value takes up to a hundred times the memory of
 * its text: `[[],[],…]` of 15 MiB would take half a gigabyte.
 */

/** How many levels of arrays and objects a frame may have, its own included. */
export const maxFrameDepth = 256

/** How many values a frame may have: its commas, and its opening brackets and braces. */
export const maxFrameValues = 262_144

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** The position after the text that begins here. A quote ends it unless an odd number of backslashes stands before it. */
const skipText = (json: string, start: number): number => {
  let end = json.indexOf('"', start + 1)
  while (end !== -1) {
    let before = end - 1
    while (json.charCodeAt(before) === backslash) before -= 1
    if ((end - before) % 2 === 1) return end + 1
    end = json.indexOf('"', end + 1)
  }
  return json.length
}

/**
 * What a frame has too much of, in words: "is nested more than 256 levels deep".
 * Undefined if nothing is. Takes no stack, and stops where it is too much.
 */
export const frameExcess = (json: string): string | undefined => {
  // Each level has a beginning and an end.
  if (json.length <= maxFrameDepth * 2) return undefined
  let depth = 0
  let values = 0
  let position = 0
  while (position < json.length) {
    const code = json.charCodeAt(position)
    if (code === quote) {
      position = skipText(json, position)
      continue
    }
    if (code === openBrace || code === openBracket) {
      depth += 1
      values += 1
      if (depth > maxFrameDepth) return `is nested more than ${maxFrameDepth} levels deep`
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1
    } else if (code === comma) {
      values += 1
    }
    if (values > maxFrameValues) return `has more than ${maxFrameValues} values`
    position += 1
  }
  return undefined
}

/** What a frame says of itself. */
const names: ReadonlySet<unknown> = new Set(["_tag", "id", "requestId"])

/** No name is longer, escaped or not. */
const longestName = 64

const numberAt = /-?[\d.eE+-]+(?=[\s,}])/y

/** The text or number that begins here; undefined if it is something else. */
const scalarAt = (json: string, start: number): string | number | undefined => {
  numberAt.lastIndex = start
  const text = json.charCodeAt(start) === quote ? json.slice(start, skipText(json, start)) : numberAt.exec(json)?.[0]
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d

const skipSpace = (json: string, start: number): number => {
  let position = start
  while (isSpace(json.charCodeAt(position))) position += 1
  return position
}

/**
 * The texts and numbers by which a frame that has too much of something says
 * what it is, and which call it is for. The rest is skipped and never becomes a
 * value.
 */
export const namesOf = (json: string): { readonly [name: string]: string | number | undefined } => {
  const found = new Map<string, string | number | undefined>()
  let depth = 0
  let position = 0
  while (position < json.length) {
    const code = json.charCodeAt(position)
    if (code === quote) {
      const start = position
      position = skipText(json, start)
      const colon = skipSpace(json, position)
      if (depth !== 1 || json.charCodeAt(colon) !== 0x3a) continue
      const name = position - start > longestName ? undefined : scalarAt(json, start)
      position = skipSpace(json, colon + 1)
      if (names.has(name)) found.set(String(name), scalarAt(json, position))
      if (json.charCodeAt(position) === quote) position = skipText(json, position)
      continue
    }
    if (code === openBrace || code === openBracket) depth += 1
    else if (code === closeBrace || code === closeBracket) depth -= 1
    position += 1
  }
  return Object.fromEntries(found)
}
