/**
 * How deep a frame is nested. What handles values calls itself once per level,
 * so a value of some thousand levels would end the process that handles it.
 */

/** How many levels of arrays and objects a frame may have, its own included. */
export const maxFrameDepth = 256

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** The position after the text that begins here. */
const skipText = (json: string, start: number): number => {
  let position = start + 1
  while (position < json.length) {
    const code = json.charCodeAt(position)
    if (code === quote) return position + 1
    position += code === backslash ? 2 : 1
  }
  return position
}

/** Whether JSON has more levels than a frame may have. Takes no stack, and stops at the first level that is too deep. */
export const isTooDeep = (json: string): boolean => {
  // Each level has a beginning and an end.
  if (json.length <= maxFrameDepth * 2) return false
  let depth = 0
  let position = 0
  while (position < json.length) {
    const code = json.charCodeAt(position)
    if (code === quote) {
      position = skipText(json, position)
      continue
    }
    if (code === openBrace || code === openBracket) {
      depth += 1
      if (depth > maxFrameDepth) return true
    } else if (code === closeBrace || code === closeBracket) {
      depth -= 1
    }
    position += 1
  }
  return false
}
