/** The resources of a document and what they need, as a graph in the languages of Mermaid and Graphviz. */
import type { Forma } from "../../agent/index.ts"
import { inReferenceOrder } from "../../agent/forma/FormaOrder.ts"
import { labelsReferredTo } from "../../agent/forma/References.ts"
import { withoutMarks } from "../../agent/forma/SecretCheck.ts"

export interface GraphNode {
  readonly label: string
  readonly type: string
}

/** An edge leads from a resource to one that it needs. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  /** Whether it refers to it, or only depends on it. */
  readonly kind: "reference" | "dependsOn"
}

export interface ResourceGraph {
  /** Each after those that it needs. */
  readonly resources: ReadonlyArray<GraphNode>
  readonly edges: ReadonlyArray<GraphEdge>
}

export const graphOf = (forma: Forma): ResourceGraph => {
  const ordered = inReferenceOrder(withoutMarks(forma).resources)
  return {
    resources: ordered.map(({ label, type }) => ({ label, type })),
    edges: ordered.flatMap(({ dependsOn = [], label, properties = {} }): ReadonlyArray<GraphEdge> => {
      const referred = labelsReferredTo(properties)
      const only = [...new Set(dependsOn)].filter((to) => !referred.includes(to))
      return [
        ...referred.map((to) => ({ from: label, to, kind: "reference" }) as const),
        ...only.map((to) => ({ from: label, to, kind: "dependsOn" }) as const),
      ]
    }),
  }
}

/** Numbers, because a label may be a word of the language, such as `end`. */
const idsOf = ({ resources }: ResourceGraph) => {
  const ids = new Map(resources.map(({ label }, index) => [label, `r${index}`]))
  return (label: string): string => ids.get(label) ?? label
}

/** Mermaid takes a character by its number everywhere in a text. */
const mermaidText = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9_:. -]/gu, (character) => `#${character.codePointAt(0)};`)

export const formatMermaid = (graph: ResourceGraph): ReadonlyArray<string> => {
  const idOf = idsOf(graph)
  return [
    "flowchart LR",
    ...graph.resources.map(({ label, type }) => `  ${idOf(label)}["${mermaidText(label)}<br/>${mermaidText(type)}"]`),
    ...graph.edges.map(({ from, kind, to }) => `  ${idOf(from)} ${kind === "reference" ? "-->" : "-.->"} ${idOf(to)}`),
  ]
}

const dotText = (text: string): string => text.replaceAll(/["\\]/g, String.raw`\$&`)

export const formatDot = (graph: ResourceGraph): ReadonlyArray<string> => {
  const idOf = idsOf(graph)
  return [
    "digraph formae {",
    "  rankdir=LR",
    "  node [shape=box]",
    ...graph.resources.map(
      ({ label, type }) => String.raw`  ${idOf(label)} [label="${dotText(label)}\n${dotText(type)}"]`,
    ),
    ...graph.edges.map(
      ({ from, kind, to }) => `  ${idOf(from)} -> ${idOf(to)}${kind === "reference" ? "" : " [style=dashed]"}`,
    ),
    "}",
  ]
}
