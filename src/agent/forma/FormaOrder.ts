/** The order of the resources of a forma by their references. */
import * as Graph from "effect/Graph"
import type { FormaIssue, FormaResource } from "./FormaDocument.ts"
import { labelsReferredTo } from "./References.ts"

type Resources = ReadonlyArray<FormaResource>

/** An edge leads from a resource to each that refers to it. References to nothing have no edge. */
const graphOf = (resources: Resources): Graph.DirectedGraph<FormaResource, undefined> =>
  Graph.directed<FormaResource, undefined>((mutable) => {
    const nodes = new Map(resources.map((resource) => [resource.label, Graph.addNode(mutable, resource)]))
    for (const { label, properties } of resources) {
      for (const referred of labelsReferredTo(properties ?? {})) {
        const from = nodes.get(referred)
        const to = nodes.get(label)
        if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
      }
    }
  })

/** The circles of resources that refer to each other, each reported at its first resource in the document. */
export const findCycles = (resources: Resources): ReadonlyArray<FormaIssue> => {
  const graph = graphOf(resources)
  return Graph.stronglyConnectedComponents(graph)
    .filter((nodes) => nodes.length > 1 || nodes.some((node) => Graph.neighbors(graph, node).includes(node)))
    .map((nodes) => {
      const inOrder = nodes.toSorted((a, b) => a - b)
      const labels = inOrder.map((node) => resources[node]?.label).join(", ")
      const message =
        nodes.length === 1 ? `${labels} refers to itself` : `these resources refer to each other in a circle: ${labels}`
      return { path: ["resources", inOrder[0] ?? 0], message }
    })
}

/** Sorts each resource after those that it refers to. There must be no circle. */
export const inReferenceOrder = (resources: Resources): Resources => [...Graph.values(Graph.topo(graphOf(resources)))]
