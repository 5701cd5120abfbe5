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

/**
 * The places of resources, each after those of what it needs, and of those that
 * need nothing more in the order of the document. What is in a circle, or needs
 * what is, is left out. It takes no graph, whose nodes and edges take more memory
 * than the resources.
 */
const inOrder = (resources: Resources): ReadonlyArray<number> => {
  const places = new Map(resources.map(({ label }, place) => [label, place]))
  const needing: Array<Array<number> | undefined> = []
  const open = new Uint32Array(resources.length)
  for (const resource of resources) {
    const place = places.get(resource.label) ?? 0
    for (const label of labelsNeeded(resource)) {
      const needed = places.get(label)
      if (needed === undefined) continue
      open[place] = (open[place] ?? 0) + 1
      ;(needing[needed] ??= []).push(place)
    }
  }
  const ordered: Array<number> = []
  for (let place = 0; place < resources.length; place++) if (open[place] === 0) ordered.push(place)
  // What is added while this runs is visited too.
  for (const place of ordered) {
    for (const one of needing[place] ?? []) {
      const left = (open[one] ?? 0) - 1
      open[one] = left
      if (left === 0) ordered.push(one)
    }
  }
  return ordered
}

/** The circles of resources that need each other, each reported at its first resource in the document. */
export const findCycles = (resources: Resources): ReadonlyArray<FormaIssue> => {
  if (inOrder(resources).length === resources.length) return []
  const graph = graphOf(resources)
  return Graph.stronglyConnectedComponents(graph)
    .filter((nodes) => nodes.length > 1 || nodes.some((node) => Graph.neighbors(graph, node).includes(node)))
    .map((nodes) => {
      const ordered = nodes.toSorted((a, b) => a - b)
      const labels = ordered.map((node) => resources[node]?.label).join(", ")
      const hasDependsOn = ordered.some((node) => (resources[node]?.dependsOn ?? []).length > 0)
      const message =
        nodes.length > 1
          ? `these resources ${hasDependsOn ? "need" : "refer to"} each other in a circle: ${labels}; take one of these out, so that one resource can be the first`
          : `${labels} ${hasDependsOn ? "needs" : "refers to"} itself; take that out, or name another resource`
      return { path: ["resources", ordered[0] ?? 0], message }
    })
}

/** Sorts each resource after those that it refers to or depends on. There must be no circle. */
export const inReferenceOrder = (resources: Resources): Resources =>
  inOrder(resources).flatMap((place) => resources[place] ?? [])

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
