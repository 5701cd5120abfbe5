/** How deep a document may be nested. */
import type { CST } from "yaml"

/** A document takes a few levels around the properties of a resource, which have a limit of their own. */
export const deepestAllowed = 200

/** Where tokens are nested too deep, for the first time; undefined if they are not. The parser of tokens needs no stack. */
export const tooDeepAt = (tokens: ReadonlyArray<CST.Token>, limit = deepestAllowed): number | undefined => {
  const waiting = tokens.map((token): readonly [unknown, number] => [token, 0])
  let first: number | undefined
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, depth] = next
    if (typeof node !== "object" || node === null) continue
    if (depth > limit) {
      const offset = "offset" in node && typeof node.offset === "number" ? node.offset : 0
      first = Math.min(first ?? offset, offset)
      continue
    }
    const inside = "items" in node && Array.isArray(node.items) ? node.items : []
    for (const item of inside) {
      waiting.push([item?.key, depth + 1], [item?.value, depth + 1])
    }
    if ("value" in node) waiting.push([node.value, depth])
  }
  return first
}
