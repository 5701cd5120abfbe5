/** The keys of YAML that merge other maps into their own: `<<: *base`. */
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Pair } from "yaml"

/** Whether a key merges. One in quotes is a key like any other, and JSON has only such. */
export const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && typeof key.value === "symbol" && key.value.description === "<<"

const resolved = (document: Document.Parsed, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node)

/** The pair by which a map has a key: one of its own, or else of the first map that it merges and that has it. */
export const pairOf = (document: Document.Parsed, map: unknown, key: string | number): Pair | undefined => {
  const waiting = [map]
  // A map that does not have it is looked at once only: merges of merges multiply.
  const seen = new Set<unknown>()
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isMap(next) || seen.has(next)) continue
    seen.add(next)
    const own = next.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
    if (own !== undefined) return own
    const merge = next.items.find((item) => isPair(item) && isMergeKey(item.key))
    const value = resolved(document, merge?.value)
    const sources: ReadonlyArray<unknown> = isSeq(value) ? value.items : [value]
    waiting.push(...sources.map((source) => resolved(document, source)).toReversed())
  }
  return undefined
}
