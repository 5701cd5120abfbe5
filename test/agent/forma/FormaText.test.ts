import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readForma } from "../../../src/agent/forma/FormaText.ts"

/** What is wrong with a text, each mistake with its position: `5:9 resources[0].target: ...`. */
const mistakesIn = (text: string) =>
  Effect.map(Effect.flip(readForma(text, "file")), ({ message }) => message.split("\n"))

const head = `targets:
  cloud: { namespace: FakeAWS }
  aws: { namespace: AWS, config: { region: eu-west-1 } }
`
const net = `  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }\n`
const resource = (label: string, properties: string, more = "") =>
  `  - label: ${label}
    type: FakeAWS::EC2::VPC
    target: cloud
    properties: ${properties}
${more}`

describe("a forma", () => {
  it.effect("is read from YAML, in block and in flow style, with types that need no quotes", () =>
    Effect.gen(function* () {
      const { forma } = yield* readForma(`${head}resources:\n${net}${resource("other", "{}")}`, "file")
      assert.strictEqual(forma.name, "file")
      assert.deepEqual<unknown>(forma.targets, {
        cloud: { namespace: "FakeAWS" },
        aws: { namespace: "AWS", config: { region: "eu-west-1" } },
      })
      assert.deepEqual<unknown>(forma.resources, [
        { label: "net", type: "FakeAWS::EC2::VPC", target: "cloud", properties: { CidrBlock: "10.0.0.0/16" } },
        { label: "other", type: "FakeAWS::EC2::VPC", target: "cloud", properties: {} },
      ])
    }),
  )

  it.effect("is read from JSON, with its own name", () =>
    Effect.gen(function* () {
      const document = {
        name: "shop",
        targets: { cloud: { namespace: "FakeAWS" } },
        resources: [{ label: "net", type: "FakeAWS::EC2::VPC", target: "cloud" }],
      }
      const { forma } = yield* readForma(JSON.stringify(document, null, "\t"), "file")
      assert.deepEqual<unknown>(forma, document)
    }),
  )

  it.effect("may have properties that nothing is created with any more, so that they can be destroyed", () =>
    Effect.gen(function* () {
      const large = resource("large", `{ Text: ${"x".repeat(5_000_000)} }`)
      const { forma } = yield* readForma(`${head}resources:\n${large}`, "file")
      assert.lengthOf(String(forma.resources[0]?.properties?.["Text"]), 5_000_000)
    }),
  )

  it.effect("may use anchors and aliases", () =>
    Effect.gen(function* () {
      const { forma } = yield* readForma(
        `${head}resources:\n${resource("a", "&all { Tags: [{ Key: k, Value: v }] }")}${resource("b", "*all")}`,
        "file",
      )
      assert.deepEqual(forma.resources[1]?.properties, { Tags: [{ Key: "k", Value: "v" }] })
    }),
  )

  it.effect("may use thousands of aliases", () =>
    Effect.gen(function* () {
      const shared = resource("first", "&all { Tags: [{ Key: k, Value: v }] }")
      const more = Array.from({ length: 2000 }, (_, index) => resource(`r${index}`, "*all"))
      const { forma } = yield* readForma(`${head}resources:\n${shared}${more.join("")}`, "file")
      assert.lengthOf(forma.resources, 2001)
      assert.deepEqual(forma.resources[2000]?.properties, { Tags: [{ Key: "k", Value: "v" }] })
    }),
  )

  it.effect("may define an anchor again: an alias stands for the last one before it, even inside the first", () =>
    Effect.gen(function* () {
      const texts = ["&a { A: [&a 1, *a] }", "*a", "&a { B: 2 }", "*a"]
      const resources = texts.map((properties, index) =>
        resource(`r${index}`, properties.replace(/^\*a$/, "{ C: *a }")),
      )
      const { forma } = yield* readForma(`${head}resources:\n${resources.join("")}`, "file")
      assert.deepEqual(
        forma.resources.map(({ properties }) => properties),
        [{ A: [1, 1] }, { C: 1 }, { B: 2 }, { C: { B: 2 } }],
      )
    }),
  )

  it.effect("may want nothing", () =>
    Effect.map(readForma("targets: {}\nresources: []", "file"), ({ forma }) => assert.lengthOf(forma.resources, 0)),
  )
})

const mistakes: ReadonlyArray<readonly [what: string, text: string, mistakes: ReadonlyArray<string>]> = [
  ["nothing in it", "", ["1:1 the document is empty; it needs targets and resources"]],
  ["only a comment", "\n# soon\n", ["1:1 the document is empty; it needs targets and resources"]],
  ["not an object", "- a\n", ["1:1 Expected object; this is a list, so write its fields: { name: ... }"]],
  [
    "neither targets nor resources",
    "name: a\n",
    [
      "1:1 targets: is missing; write it here: targets: ...",
      "1:1 resources: is missing; write it here: resources: ...",
    ],
  ],
  [
    "an indentation by tabs",
    "name: a\ntargets:\n\tx: 1\n",
    ["3:1 Tabs are not allowed as indentation; indent with spaces"],
  ],
  [
    "a bracket that is not closed",
    "name: [a",
    [
      "1:9 Flow sequence in block collection must be sufficiently indented and end with a ]; indent it further than the line that it belongs to, or close what is open before it",
    ],
  ],
  ["a key twice", "name: a\nname: b\n", ["2:1 Map keys must be unique; take one of the two out"]],
  [
    "broken JSON",
    '{"name": "a",\n "targets": {]}',
    [
      "2:14 Flow map in block collection must be sufficiently indented and end with a }; indent it further than the line that it belongs to, or close what is open before it",
    ],
  ],
  [
    "several documents",
    `${head}resources: []\n---\nname: b\n`,
    ["5:1 expected one document, but a second one begins here; put it into a file of its own"],
  ],
  [
    "a tag of another tool",
    "name: !Ref net\n",
    [
      '1:7 Unresolved tag: !Ref; there are no tags here: write { $ref: label.Property } for a value of another resource, and { $text: "...${label.Property}..." } for a text with values in it',
    ],
  ],
  [
    "a key that is a map",
    "name: { { a: 1 }: 2 }\n",
    ["1:9 a map or a list is a key here; a key is a text, so put quotes around it"],
  ],
  [
    "a key that is an alias of a list",
    "a: &a [1]\n? *a\n: 2\n",
    ["2:3 a map or a list is a key here; a key is a text, so put quotes around it"],
  ],
  [
    "an alias of nothing",
    "name: a\ntargets: *all\n",
    [
      "2:10 the alias *all has no value: no anchor with this name comes before it; write &all before the value that it repeats",
    ],
  ],
  [
    "an alias inside its own anchor",
    "name: a\ntargets: &all { b: *all }\n",
    ["2:20 the alias *all has no value: it is inside its own anchor; write the value itself"],
  ],
  [
    "aliases that multiply",
    `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [${"*a,".repeat(20)}]\nc: &c [${"*b,".repeat(20)}]\nd: [${"*c,".repeat(400)}]\n`,
    ["4:746 the alias *c is one too many: the document would expand to more than 1000000 values; repeat less of it"],
  ],
  [
    "an alias of an anchor that comes later",
    "name: *a\ntargets: &a {}\n",
    [
      "1:7 the alias *a has no value: no anchor with this name comes before it; write &a before the value that it repeats",
    ],
  ],
  [
    "a field that does not exist",
    `${head}resources: []\ncolour: red\n`,
    ["5:1 colour: there is no such field; the fields are: name, targets, resources, moved, outputs, parameters, use"],
  ],
  [
    "a name with a line break",
    `name: "my\\nshop"\n${head}resources: []\n`,
    [
      "1:1 name: Expected a name that can be printed in a line, but it has a character that cannot be seen, such as a line break; a name has 1 to 200 characters that can be seen, and no space around it",
    ],
  ],
  [
    "a target that is not one",
    "targets:\n  a: { namespace: 1, config: 2 }\nresources: []\n",
    [
      "2:8 targets.a.namespace: Expected string; this is a number, so put it in quotes",
      "2:22 targets.a.config: Expected object; this is a number, so write its fields: { name: ... }",
    ],
  ],
  [
    "a target with a dot in its name",
    "targets:\n  b.c: { namespace: AWS }\nresources: []\n",
    [
      "2:3 targets.b.c: Expected a name of letters, digits, dashes and underscores that does not begin with a digit, such as web-1",
    ],
  ],
  [
    "a resource that is not one",
    `${head}resources:\n  - label: 1st\n    type: FakeAWS::VPC\n    properties: []\n    tags: {}\n`,
    [
      "8:5 resources[0].tags: there is no such field; the fields are: label, type, target, properties, dependsOn, protect, onRemove, ignore, replace, drift",
      "5:5 resources[0].label: Expected a name of letters, digits, dashes and underscores that does not begin with a digit, such as web-1",
      "6:5 resources[0].type: Expected a resource type such as AWS::S3::Bucket",
      "5:5 resources[0].target: is missing; write it here: target: ...",
      "7:5 resources[0].properties: Expected object; this is a list, so write its fields: { name: ... }",
    ],
  ],
  [
    "a number that is not a number",
    `${head}resources:\n${resource("a", "{ Size: .nan }")}`,
    ["8:19 resources[0].properties.Size: Expected JSON value"],
  ],
  [
    "a label twice",
    `${head}resources:\n${net}${resource("net", "{}")}`,
    ["6:5 resources[1].label: the label net is already used by resources[0]; give one of them another label"],
  ],
  [
    "a target that does not exist",
    `${head}resources:\n${net.replace("target: cloud", "target: clowd")}`,
    ["5:44 resources[0].target: there is no target clowd; did you mean cloud?"],
  ],
  [
    "a target that every object has",
    `${head}resources:\n${net.replace("target: cloud", "target: constructor")}`,
    ["5:44 resources[0].target: there is no target constructor; the targets are: cloud, aws"],
  ],
  [
    "a target of another namespace",
    `${head}resources:\n${net.replace("target: cloud", "target: aws")}`,
    [
      "5:44 resources[0].target: the target aws belongs to the namespace AWS, but the type FakeAWS::EC2::VPC does not; name a target of its namespace",
    ],
  ],
  [
    "a reference to nothing",
    `${head}resources:\n${resource("a", "{ Tags: [{ Key: k, Value: { $ref: net.VpcId } }] }")}`,
    [
      "8:36 resources[0].properties.Tags[0].Value: there is no resource with the label net to refer to; the labels are: a",
    ],
  ],
  [
    "a reference that is not valid",
    `${head}resources:\n${net}${resource("a", "{ A: { $ref: net }, B: { $ref: net.VpcId, or: 1 } }")}`,
    [
      "9:19 resources[1].properties.A: expected a reference such as net.VpcId",
      "9:37 resources[1].properties.B: a reference must have the key $ref and no other; take or out",
    ],
  ],
  [
    "a resource that refers to itself",
    `${head}resources:\n${net}${resource("a", "{ A: { $ref: a.B } }")}`,
    ["6:5 resources[1]: a refers to itself; take that out, or name another resource"],
  ],
  [
    "resources that refer to each other",
    `${head}resources:\n${net}${resource("a", "{ A: { $ref: c.B } }")}${resource("b", "{ A: { $ref: a.B } }")}${resource("c", "{ A: { $ref: b.B } }")}`,
    [
      "6:5 resources[1]: these resources refer to each other in a circle: a, b, c; take one of these out, so that one resource can be the first",
    ],
  ],
]

describe("a mistake in a forma is reported with its position", () => {
  it.effect.each(mistakes)("%s", ([, text, expected]) =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakesIn(text), expected)
    }),
  )

  it.effect("without the value that was given, which may be secret", () =>
    Effect.gen(function* () {
      const canary = "canary-90ab"
      const texts = [
        `name: [${canary}]\ntargets: ${canary}\nresources: ${canary}\n`,
        `${head}resources:\n  - { label: "${canary} 1", type: "${canary}", target: [${canary}], properties: [${canary}] }\n`,
        `${head}resources:\n${resource("a", `{ A: { $ref: [${canary}] } }`)}`,
      ]
      for (const text of texts) assert.notInclude((yield* mistakesIn(text)).join("\n"), canary)
    }),
  )
})

describe("a position", () => {
  it.effect("is that of the key, or of what the key should be in", () =>
    Effect.gen(function* () {
      const { locate } = yield* readForma(
        `${head}resources:\r\n${net}${resource("other", "{ A: [1, { B: 2 }] }")}`,
        "file",
      )
      assert.deepEqual(locate(["resources", 1, "type"]), { line: 7, column: 5 })
      assert.deepEqual(locate(["resources", 1, "properties", "A", 1, "B"]), { line: 9, column: 28 })
      assert.deepEqual(locate(["resources", 1, "properties", "A", 9]), { line: 9, column: 19 })
      assert.deepEqual(locate(["resources", 0, "properties", "Nothing", "in", "it"]), { line: 5, column: 59 })
      assert.deepEqual(locate([]), { line: 1, column: 1 })
    }),
  )
})
