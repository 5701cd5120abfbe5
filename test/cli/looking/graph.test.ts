/** The graph of a document. */
import { assert, describe, it } from "@effect/vitest"
import type { Forma } from "../../../src/agent/index.ts"
import { formatDot, formatMermaid, graphOf, type ResourceGraph } from "../../../src/cli/looking/graph.ts"
import { formaOf } from "../../agent/shop.ts"

const base = formaOf(
  "shop",
  {},
  {
    end: [
      "FakeAWS::Legacy::Widget",
      { Model: { $text: "of-${web.InstanceId}" }, Secret: { $secret: { $ref: "net.VpcId" } } },
    ],
    web: ["FakeAWS::EC2::Instance", { Tags: [{ Key: "net", Value: { $ref: "net.VpcId" } }] }],
    net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  },
)
const forma: Forma = {
  ...base,
  resources: base.resources
    .map((one) => (one.label === "web" ? { ...one, dependsOn: ["net", "log"] } : one))
    .concat({
      ...(base.resources[2] ?? assert.fail("there are three")),
      label: "log",
    }),
}

describe("the graph of a document", () => {
  it("has each resource after what it needs, and each need once", () => {
    const { edges, resources } = graphOf(forma)
    const order = resources.map(({ label }) => label)
    for (const { from, to } of edges) assert.isAbove(order.indexOf(from), order.indexOf(to))
    assert.sameMembers(order, ["end", "web", "net", "log"])
    assert.sameMembers(
      edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`),
      ["end reference web", "end reference net", "web reference net", "web dependsOn log"],
    )
  })

  it("is written so that no label is a word of the language or ends its text", () => {
    const odd: ResourceGraph = {
      resources: [
        { label: "end", type: "A::B::C" },
        { label: `a"]; x --> y %% #<b>\\`, type: "A::B::D" },
      ],
      edges: [
        { from: "end", to: `a"]; x --> y %% #<b>\\`, kind: "reference" },
        { from: `a"]; x --> y %% #<b>\\`, to: "end", kind: "dependsOn" },
      ],
    }
    assert.deepEqual(formatMermaid(odd), [
      "flowchart LR",
      '  r0["end<br/>A::B::C"]',
      '  r1["a#34;#93;#59; x --#62; y #37;#37; #35;#60;b#62;#92;<br/>A::B::D"]',
      "  r0 --> r1",
      "  r1 -.-> r0",
    ])
    assert.deepEqual(formatDot(odd), [
      "digraph formae {",
      "  rankdir=LR",
      "  node [shape=box]",
      String.raw`  r0 [label="end\nA::B::C"]`,
      String.raw`  r1 [label="a\"]; x --> y %% #<b>\\\nA::B::D"]`,
      "  r0 -> r1",
      "  r1 -> r0 [style=dashed]",
      "}",
    ])
  })
})
