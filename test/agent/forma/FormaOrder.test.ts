import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Graph from "effect/Graph"
import * as Schema from "effect/Schema"
import { findCycles, inReferenceOrder } from "../../../src/agent/forma/FormaOrder.ts"
import { ResourceType } from "../../../src/protocol/Identity.ts"

const resourcesOf = (needs: ReadonlyArray<ReadonlyArray<number>>) =>
  needs.map((needed, index) => ({
    label: `r${index}`,
    type: ResourceType.make("FakeAWS::S3::Bucket"),
    target: "cloud",
    // Half of them by a reference.
    properties: { refs: needed.filter((one) => one % 2 === 0).map((one) => ({ $ref: `r${one}.Name` })) },
    dependsOn: needed.map((one) => `r${one}`),
  }))

describe("the order of the resources of a forma", () => {
  it.effect.prop(
    "is that of Effect's graph, and what is in a circle is found",
    [Schema.Array(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9 }))))],
    ([needs]) =>
      Effect.sync(() => {
        const resources = resourcesOf(needs)
        const graph = Graph.directed<string, undefined>((mutable) => {
          const nodes = resources.map(({ label }) => Graph.addNode(mutable, label))
          for (const [index, needed] of needs.entries()) {
            for (const one of new Set([...needed.filter((place) => place % 2 === 0), ...needed])) {
              const [from, to] = [nodes[one], nodes[index]]
              if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
            }
          }
        })
        const isAcyclic = Graph.isAcyclic(graph)
        assert.strictEqual(findCycles(resources).length === 0, isAcyclic)
        if (!isAcyclic) return
        assert.deepEqual(
          inReferenceOrder(resources).map(({ label }) => label),
          [...Graph.values(Graph.topo(graph))],
        )
      }),
  )
})
