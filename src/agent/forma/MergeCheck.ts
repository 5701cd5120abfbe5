/** Checks the keys of a YAML document that merge: what they merge must be maps, and through a few anchors only. */
import { isAlias, isMap, isNode, isPair, isSeq, type YAMLMap } from "yaml"
import { isMergeKey } from "./yamlMerge.ts"

/** Something that is wrong with an alias, or with what is merged. */
export interface AliasMistake {
  readonly message: string
  readonly offset: number
}

/** What merges a map that merges is evaluated inside out, on the stack. */
const maxMerges = 50

const notMerged = "<< takes a map, an alias of a map, or a list of these, such as <<: *base"
const mergedTwice = "<< is here twice; write it once, with a list: <<: [*a, *b]"
const tooDeep = `<< merges a map that merges a map, and so on through more than ${maxMerges} maps; merge fewer`

/** The node of an anchor as it is at a place. */
type Anchored = (alias: string) => unknown

const mistakeAt = (message: string, node: unknown): AliasMistake => ({
  message,
  offset: isNode(node) ? (node.range?.[0] ?? 0) : 0,
})

export class MergeCheck {
  private readonly depths = new WeakMap<object, number>()

  /** The mistake in what a map merges. The maps in it have been looked at before. */
  mistakeIn(map: YAMLMap, anchored: Anchored): AliasMistake | undefined {
    const [merge, second] = map.items.filter((item) => isPair(item) && isMergeKey(item.key))
    if (merge === undefined) return undefined
    if (second !== undefined) return mistakeAt(mergedTwice, second.key)
    const resolved = (node: unknown) => (isAlias(node) ? anchored(node.source) : node)
    const value = resolved(merge.value)
    const sources: ReadonlyArray<unknown> = isSeq(value) ? value.items : [merge.value]
    const wrong = sources.find((source) => !isMap(resolved(source)))
    if (sources.some((source) => !isMap(resolved(source)))) {
      return mistakeAt(notMerged, isNode(wrong) ? wrong : merge.key)
    }
    const depth = 1 + sources.reduce<number>((most, source) => Math.max(most, this.depthOf(resolved(source))), 0)
    this.depths.set(map, depth)
    return depth > maxMerges ? mistakeAt(tooDeep, merge.key) : undefined
  }

  private depthOf(node: unknown): number {
    return isMap(node) ? (this.depths.get(node) ?? 0) : 0
  }
}
