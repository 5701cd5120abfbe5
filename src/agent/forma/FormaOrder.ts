/** The order of the resources of a forma by what they refer to and depend on. */
import * as Graph from "effect/Graph"
import type { FormaIssue, FormaResource } from "./FormaDocument.ts"
import { labelsReferredTo } from "./References.ts"

type Resources = ReadonlyArray<FormaResource>

/** The labels of what must exist before a resource, each once. */
export const labelsNeeded = ({
  dependsOn = [],
  properties = {},
}: Pick<FormaResource, "dependsOn" | "properties">): ReadonlyArray<string> => [
  ...new Set([...labelsReferredTo(properties), ...dependsOn]),
]

/** An edge leads from a resource to each that needs it. References to nothing have no edge. */
const graphOf = (resources: Resources): Graph.DirectedGraph<FormaResource, undefined> =>
  Graph.directed<FormaResource, undefined>((mutable) => {
    const nodes = new Map(resources.map((resource) => [resource.label, Graph.addNode(mutable, resource)]))
    for (const resource of resources) {
      for (const needed of labelsNeeded(resource)) {
        const from = nodes.get(needed)
        const to = nodes.get(resource.label)
        if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
      }
    }
  })

/** The circles of resources that need each other, each reported at its first resource in the document. */
export const findCycles = (resources: Resources): ReadonlyArray<FormaIssue> => {
  const graph = graphOf(resources)
  return Graph.stronglyConnectedComponents(graph)
    .filter((nodes) => nodes.length > 1 || nodes.some((node) => Graph.neighbors(graph, node).includes(node)))
    .map((nodes) => {
      const inOrder = nodes.toSorted((a, b) => a - b)
      const labels = inOrder.map((node) => resources[node]?.label).join(", ")
      const hasDependsOn = inOrder.some((node) => (resources[node]?.dependsOn ?? []).length > 0)
      const message =
        nodes.length > 1
          ? `these resources ${hasDependsOn ? "need" : "refer to"} each other in a circle: ${labels}; take one of these out, so that one resource can be the first`
          : `${labels} ${hasDependsOn ? "needs" : "refers to"} itself; take that out, or name another resource`
      return { path: ["resources", inOrder[0] ?? 0], message }
    })
}

/** Sorts each resource after those that it refers to or depends on. There must be no circle. */
export const inReferenceOrder = (resources: Resources): Resources => [...Graph.values(Graph.topo(graphOf(resources)))]

/** These labels, and those of everything that their resources need. */
export const labelsWithNeeds = (resources: Resources, labels: ReadonlyArray<string>): ReadonlySet<string> => {
  const byLabel = new Map(resources.map((resource) => [resource.label, resource]))
  const found = new Set(labels)
  // What is added while this runs is visited too.
  for (const label of found) {
    const resource = byLabel.get(label)
    if (resource !== undefined) for (const needed of labelsNeeded(resource)) found.add(needed)
  }
  return found
}
