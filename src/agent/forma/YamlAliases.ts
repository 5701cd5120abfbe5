/**
 * Checks what YAML has and JSON has not: each alias must have a value, what is
 * merged must be maps, together they must not expand to too much, and keys must be
 * texts.
 */
import { isAlias, isCollection, isMap, isNode, isPair, isSeq } from "yaml"
import { MergeCheck, type AliasMistake } from "./MergeCheck.ts"

/** Objects of JSON have no other keys, and none that could be named in a message. */
const notText = "a map or a list is a key here; a key is a text, so put quotes around it"

/** How many values a document may have once its aliases are expanded. Aliases of aliases multiply. */
const maxValues = 1_000_000

/** The value of an anchor. Its size is known once its end has been reached. */
interface Anchor {
  readonly node: unknown
  size: number | undefined
}

/** The first alias that is a mistake, found in one walk through the document. */
export const findAliasMistake = (root: unknown): AliasMistake | undefined => {
  const anchors = new Map<string, Anchor>()
  const merges = new MergeCheck()
  let mistake: AliasMistake | undefined
  let values = 0

  const count = (size: number): number => {
    values += size
    return size
  }

  /** How many values a node expands to. */
  const sizeOf = (node: unknown): number => {
    if (mistake !== undefined) return 0
    if (isAlias(node)) {
      const anchor = anchors.get(node.source)
      const offset = node.range?.[0] ?? 0
      if (anchor?.size === undefined) {
        const why =
          anchor === undefined
            ? `no anchor with this name comes before it; write &${node.source} before the value that it repeats`
            : "it is inside its own anchor; write the value itself"
        mistake = { message: `the alias *${node.source} has no value: ${why}`, offset }
        return 0
      }
      if (values + anchor.size > maxValues) {
        const message = `the alias *${node.source} is one too many: the document would expand to more than ${maxValues} values; repeat less of it`
        mistake = { message, offset }
        return 0
      }
      return count(anchor.size)
    }
    if (isPair(node) && isCollection(isAlias(node.key) ? anchors.get(node.key.source)?.node : node.key)) {
      mistake = { message: notText, offset: isNode(node.key) ? (node.key.range?.[0] ?? 0) : 0 }
      return 0
    }
    const anchor: Anchor = { node, size: undefined }
    if (isNode(node) && "anchor" in node && node.anchor !== undefined) anchors.set(node.anchor, anchor)
    anchor.size = count(1) + childrenOf(node).reduce<number>((sum, child) => sum + sizeOf(child), 0)
    if (isMap(node)) mistake ??= merges.mistakeIn(node, (alias) => anchors.get(alias)?.node)
    return anchor.size
  }

  sizeOf(root)
  return mistake
}

const childrenOf = (node: unknown): ReadonlyArray<unknown> => {
  if (isPair(node)) return [node.key, node.value]
  return isMap(node) || isSeq(node) ? node.items : []
}
