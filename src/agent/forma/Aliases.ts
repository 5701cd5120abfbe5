/** The aliases of a YAML document: whether each has a value, and how much they stand for together. */
import { isAlias, isMap, isNode, isPair, isSeq } from "yaml"

export interface AliasMistake {
  readonly message: string
  readonly offset: number
}

/** How many values a document may have once its aliases are filled in. Aliases of aliases multiply. */
const valuesAtMost = 1_000_000

/** What an anchor stands for. Its size is known once its end has been reached. */
interface Anchored {
  size: number | undefined
}

/** The first alias that can not stand where it stands, found in one walk through the document. */
export const findAliasMistake = (root: unknown): AliasMistake | undefined => {
  const anchors = new Map<string, Anchored>()
  let mistake: AliasMistake | undefined
  let values = 0

  const count = (size: number): number => {
    values += size
    return size
  }

  /** How many values a node stands for. */
  const sizeOf = (node: unknown): number => {
    if (mistake !== undefined) return 0
    if (isAlias(node)) {
      const anchored = anchors.get(node.source)
      const offset = node.range?.[0] ?? 0
      if (anchored?.size === undefined) {
        const why =
          anchored === undefined ? "there is no anchor of this name before it" : "it stands in what it stands for"
        mistake = { message: `the alias *${node.source} has no value: ${why}`, offset }
        return 0
      }
      if (values + anchored.size > valuesAtMost) {
        const bound = `together they stand for more than ${valuesAtMost} values`
        mistake = { message: `the alias *${node.source} is one too many: ${bound}`, offset }
        return 0
      }
      return count(anchored.size)
    }
    const anchored: Anchored = { size: undefined }
    if (isNode(node) && "anchor" in node && node.anchor !== undefined) anchors.set(node.anchor, anchored)
    anchored.size = count(1) + childrenOf(node).reduce<number>((sum, child) => sum + sizeOf(child), 0)
    return anchored.size
  }

  sizeOf(root)
  return mistake
}

const childrenOf = (node: unknown): ReadonlyArray<unknown> => {
  if (isPair(node)) return [node.key, node.value]
  return isMap(node) || isSeq(node) ? node.items : []
}
