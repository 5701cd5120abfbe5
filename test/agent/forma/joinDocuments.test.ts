import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readForma } from "../../../src/agent/forma/FormaText.ts"
import type { DocumentText } from "../../../src/agent/forma/joinDocuments.ts"

const mistakesIn = (files: ReadonlyArray<DocumentText>) =>
  Effect.map(Effect.flip(readForma(files, "shop")), ({ message }) => message.split("\n"))

const targets = { file: "a/base.yaml", text: "targets: { cloud: { namespace: FakeAWS } }\n" }
const net = (label: string, more = "") =>
  `resources:\n  - { label: ${label}, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 1${more} } }\n`

describe("the files of a folder", () => {
  it.effect("are one document, whose parts may refer to each other", () =>
    Effect.gen(function* () {
      const { forma, isNamed } = yield* readForma(
        [
          targets,
          { file: "comment.yaml", text: "# soon\n" },
          {
            file: "more.json",
            text: '{ "parameters": { "tag": { "type": "string", "default": "t" } }, "moved": [{ "from": "old", "to": "two" }] }',
          },
          { file: "one.yaml", text: `${net("one")}parameters: { cidr: { type: string, default: c } }\n` },
          { file: "two.yaml", text: net("two", ", Tags: [{ $param: cidr }, { $param: tag }, { $ref: one.VpcId }]") },
        ],
        "shop",
      )
      assert.isFalse(isNamed)
      assert.deepEqual<unknown>(forma, {
        name: "shop",
        targets: { cloud: { namespace: "FakeAWS" } },
        moved: [{ from: "old", to: "two" }],
        resources: [
          { label: "one", type: "FakeAWS::EC2::VPC", target: "cloud", properties: { CidrBlock: 1 } },
          {
            label: "two",
            type: "FakeAWS::EC2::VPC",
            target: "cloud",
            properties: { CidrBlock: 1, Tags: ["c", "t", { $ref: "one.VpcId" }] },
          },
        ],
      })
    }),
  )

  it.effect.each<[what: string, files: ReadonlyArray<DocumentText>, says: ReadonlyArray<string>]>([
    [
      "a label, a target, a parameter and a name that are there twice",
      [
        { file: "a.yaml", text: `name: x\nparameters: { p: { type: string } }\n${net("one")}` },
        { file: "b.yaml", text: `name: y\nparameters: { p: { type: string } }\n${net("one")}` },
        targets,
        { file: "d.yaml", text: targets.text },
      ],
      [
        "b.yaml:1:1 name: the name of the document is already in a.yaml:1:1; take one of the two out",
        "b.yaml:2:15 parameters.p: p in parameters is already in a.yaml:2:15; take one of the two out",
        "b.yaml:4:7 resources[0].label: the label one is already used in a.yaml:4:7; give one of them another label",
        "d.yaml:1:12 targets.cloud: cloud in targets is already in a/base.yaml:1:12; take one of the two out",
      ],
    ],
    [
      "what is no document, and what cannot be read",
      [
        { file: "a.yaml", text: "- a\n" },
        { file: "b.yaml", text: "name: [\n" },
        { file: "c.yaml", text: "resources: {}\ntargets: []\n" },
      ],
      [
        "a.yaml:1:1 expected a document, such as { targets: ..., resources: ... }",
        "b.yaml:2:1 Flow sequence in block collection must be sufficiently indented and end with a ]; indent it further than the line that it belongs to, or close what is open before it",
        "c.yaml:1:1 resources: expected a list, such as resources: [...]",
        "c.yaml:2:1 targets: expected items by name, such as targets: { NAME: ... }",
      ],
    ],
    [
      "what only the whole shows, at its place in its file",
      [
        targets,
        { file: "b.yaml", text: net("one") },
        { file: "c.yaml", text: `${net("two", ", VpcId: { $ref: nett.VpcId }")}colour: red\n` },
      ],
      [
        "c.yaml:3:1 colour: there is no such field; the fields are: name, targets, resources, moved, outputs, parameters, use",
      ],
    ],
    [
      "references, parameters and a target",
      [
        targets,
        { file: "b.yaml", text: net("one") },
        { file: "c.yaml", text: net("two", ", VpcId: { $ref: nett.VpcId }").replace("cloud", "clown") },
      ],
      [
        "c.yaml:2:44 resources[1].target: there is no target clown; the targets are: cloud",
        "c.yaml:2:87 resources[1].properties.VpcId: there is no resource with the label nett to refer to; the labels are: one, two",
      ],
    ],
    [
      "nothing but comments",
      [{ file: "a.yaml", text: "# soon\n" }],
      ["1:1 the document is empty; it needs targets and resources"],
    ],
    [
      "neither targets nor resources",
      [{ file: "a.yaml", text: "name: x\n" }],
      [
        "a.yaml:1:1 targets: is missing; write it here: targets: ...",
        "a.yaml:1:1 resources: is missing; write it here: resources: ...",
      ],
    ],
  ])("with %s are refused", ([, files, says]) =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakesIn(files), says)
    }),
  )
})
