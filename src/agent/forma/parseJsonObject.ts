/**
 * Reads a JSON text without a syntax tree, which takes many times the memory
 * and the time of its values. Where `JSON.parse` would not give what is
 * written, another reader has to say what is wrong.
 */

/** What a text has outside of its strings, if it is JSON. */
interface Outline {
  /** How deep its arrays and objects are nested. */
  readonly depth: number
  /** How many members its objects have together. */
  readonly members: number
  /** Whether a key has escaped characters, which `JSON.parse` can read wrongly (nodejs/node#63785). */
  readonly hasEscapedKey: boolean
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const openings = new Set([0x5b, 0x7b])
const closings = new Set([0x5d, 0x7d])

const outlineOf = (text: string): Outline => {
  let open = 0
  let depth = 0
  let members = 0
  let isEscaped = false
  let hasEscapedKey = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      isEscaped = false
      for (at++; at < text.length; at++) {
        const inside = text.charCodeAt(at)
        if (inside === quote) break
        if (inside !== backslash) continue
        isEscaped = true
        at++
      }
    } else if (code === colon) {
      members += 1
      hasEscapedKey ||= isEscaped
    } else if (openings.has(code)) {
      open += 1
      depth = Math.max(depth, open)
    } else if (closings.has(code)) open -= 1
  }
  return { depth, members, hasEscapedKey }
}

const membersIn = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0
  const inside: ReadonlyArray<unknown> = Object.values(value)
  let members = Array.isArray(value) ? 0 : inside.length
  for (const one of inside) members += membersIn(one)
  return members
}

/**
 * The value of a JSON object. Undefined where the text is none, where it is
 * nested deeper than `maxDepth`, or where an object has a key twice.
 */
export const parseJsonObject = (text: string, maxDepth: number): unknown => {
  if (!/^\s*\{/.test(text)) return undefined
  const { depth, hasEscapedKey, members } = outlineOf(text)
  if (depth > maxDepth || hasEscapedKey) return undefined
  try {
    const value: unknown = JSON.parse(text)
    // The last one of equal keys would win.
    return membersIn(value) === members ? value : undefined
  } catch {
    return undefined
  }
}
