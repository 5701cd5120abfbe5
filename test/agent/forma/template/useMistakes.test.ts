/** What is wrong with documents that use others: each mistake has its place, in the file that it is in. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mistakesInApp } from "./parts.ts"

const targets = "targets: { cloud: { namespace: FakeAWS } }\n"

const bucket = (properties: string, label = "it") =>
  `resources:\n  - { label: ${label}, type: FakeAWS::S3::Bucket, target: cloud, properties: ${properties} }\n`

/** The part is in line 2. */
const app = (use: string, properties = "{}") => `${targets}use: ${use}\n${bucket(properties)}`

const plain = bucket("{}", "x")

type Case = readonly [what: string, files: Readonly<Record<string, string>>, says: ReadonlyArray<string>]

const shapes: ReadonlyArray<Case> = [
  [
    "a list of parts",
    { "app.yaml": app("[a]") },
    ["2:1 use: expected parts by name, such as net: { document: ./network.yaml }"],
  ],
  [
    "names, fields and values that are none, all at once",
    {
      "app.yaml": app(
        "{ a.b: { document: p }, target: { document: p }, c: p, d: { path: p }, e: { document: { $param: x } }, f: { document: p, parameters: [], prefix: -x } }",
      ),
    },
    [
      "2:8 use.a.b: the name of a part is of letters, digits, dashes and underscores, and does not begin with a digit or a dash, such as web-1",
      "2:30 use.target: target is a reserved word; give the part another name",
      "2:55 use.c: expected a part, such as c: { document: ./network.yaml }",
      "2:66 use.d.path: there is no such field; a part has: document, parameters, prefix",
      "2:61 use.d.document: expected the path of a document, such as { document: ./network.yaml }; it cannot be put in",
      "2:82 use.e.document: expected the path of a document, such as { document: ./network.yaml }; it cannot be put in",
      "2:127 use.f.parameters: expected values of parameters by name, such as { cidr: 10.0.0.0/16 }",
      '2:143 use.f.prefix: expected what labels can begin with, such as f-; it may be ""',
    ],
  ],
]

const documents: ReadonlyArray<Case> = [
  [
    "what is gone, empty, a list, or broken",
    {
      "app.yaml": app(
        "{ a: { document: gone.yaml }, b: { document: empty.yaml }, c: { document: list.yaml }, d: { document: ./broken.yaml } }",
      ),
      "empty.yaml": "# soon\n",
      "list.yaml": "- a\n",
      "broken.yaml": "targets: {}\nresources: [\n",
    },
    [
      "2:13 use.a.document: the file gone.yaml is gone",
      "2:41 use.b.document: empty.yaml is not a document; write its resources and outputs into it, or use another one",
      "2:70 use.c.document: list.yaml is not a document; write its resources and outputs into it, or use another one",
      "broken.yaml:3:1 Flow sequence in block collection must be sufficiently indented and end with a ]; indent it further than the line that it belongs to, or close what is open before it",
    ],
  ],
  [
    "a document that is a part of itself",
    { "app.yaml": app("{ a: { document: ./app.yaml } }") },
    ["2:13 use.a.document: a document cannot be a part of itself: app.yaml → app.yaml; take one of these uses out"],
  ],
  [
    "a document that is a part of its part",
    { "app.yaml": app("{ a: { document: sub/a.yaml } }"), "sub/a.yaml": "use: { back: { document: ../app.yaml } }\n" },
    [
      "sub/a.yaml:1:16 use.back.document: a document cannot be a part of itself: app.yaml → sub/a.yaml → app.yaml; take one of these uses out",
    ],
  ],
  [
    "parts in parts in parts",
    {
      "app.yaml": app("{ a: { document: 0.yaml } }"),
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, index) => [`${index}.yaml`, `use: { a: { document: ${index + 1}.yaml } }\n`]),
      ),
      "9.yaml": plain,
    },
    [
      "7.yaml:1:13 use.a.document: parts are nested deeper than 8 levels: app.yaml → 0.yaml → 1.yaml → 2.yaml → 3.yaml → 4.yaml → 5.yaml → 6.yaml → 7.yaml → 8.yaml; use the inner ones from further out",
    ],
  ],
]

const parameters: ReadonlyArray<Case> = [
  [
    "parameters that are unknown, unfit and missing, at their places in the user",
    {
      "app.yaml": app(
        '{ a: { document: p.yaml, parameters: { cont: 1, count: x, text: { $ref: it.Arn }, list: { $text: "${it.Arn}" } } } }',
      ),
      "p.yaml": `parameters: { count: { type: integer }, text: { type: string }, list: { type: list }, last: { type: string } }\n${plain}`,
    },
    [
      "2:45 use.a.parameters.cont: p.yaml has no parameter cont; did you mean count?",
      "2:54 use.a.parameters.count: the value is not an integer, such as 3",
      "2:88 use.a.parameters.list: the value is a text, and the parameter is of the type list; give it a value of that type",
      "2:8 use.a: p.yaml needs a value for its parameter last; write it here: parameters: { last: ... }",
    ],
  ],
  [
    "a parameter that the user does not have, and one that the part does not",
    {
      "app.yaml": app("{ a: { document: p.yaml, parameters: { n: { $param: m } } } }"),
      "p.yaml": plain,
    },
    ["2:45 use.a.parameters.n: the document has no parameter m; there are no parameters"],
  ],
  [
    "what is wrong in the part, at its places there",
    {
      "app.yaml": app("{ a: { document: p.yaml, parameters: { o: {} } } }"),
      "p.yaml": `parameters: { o: { type: object } }\n${bucket('{ A: { $ref: vcp.Id }, B: { $text: "${param.o}" }, C: { $file: no.txt } }', "vpc")}`,
    },
    [
      "p.yaml:3:75 resources[0].properties.A: there is no resource with the label vcp in this document, which is used as a part; did you mean vpc?",
      "p.yaml:3:101 resources[0].properties.B.$text: only a string, a number, true or false can be put into a text; put this in by itself, or a value that is inside it",
      "p.yaml:3:124 resources[0].properties.C: the file no.txt is gone",
    ],
  ],
  [
    "a resource of the user that a part does not know, in a text, a reference and an order",
    {
      "app.yaml": app("{ a: { document: p.yaml, prefix: i } }"),
      "p.yaml": `${bucket('{ A: { $ref: t.Arn }, B: { $text: "${it.Arn}" } }', "x").replace(" }\n", ", dependsOn: [it] }\n")}`,
    },
    [
      "p.yaml:2:73 resources[0].properties.A: there is no resource with the label t in this document, which is used as a part; give it the value by a parameter",
      "p.yaml:2:98 resources[0].properties.B.$text: there is no resource with the label it in this document, which is used as a part; give it the value by a parameter",
      "p.yaml:2:134 resources[0].dependsOn[0]: there is no resource with the label it in this document, which is used as a part; give it the value by a parameter",
    ],
  ],
  [
    "parameters that are declared wrong, and taken without being declared",
    {
      "app.yaml": app("{ a: { document: p.yaml }, b: { document: q.yaml } }"),
      "p.yaml": `parameters: { o: { type: text } }\n${plain}`,
      "q.yaml": bucket("{ A: { $param: o } }", "x"),
    },
    [
      'p.yaml:1:20 parameters.o.type: Expected "string" | "number" | "integer" | "boolean" | "list" | "object"; write one of these',
      "q.yaml:2:73 resources[0].properties.A: the document has no parameter o; there are no parameters",
    ],
  ],
]

const joins: ReadonlyArray<Case> = [
  [
    "labels that are there twice, and are those of parts",
    {
      "app.yaml": `${targets}use: { a: { document: p.yaml, prefix: "" }, b: { document: p.yaml, prefix: "" } }\n${bucket("{}", "x")}`,
      "p.yaml": plain,
    },
    [
      "p.yaml:2:7 resources[0].label: the label x is already used in line 4 of the document; give one of them another label",
      "p.yaml:2:7 resources[0].label: the label x is already used in line 4 of the document; give one of them another label",
    ],
  ],
  [
    "a label that is the name of a part",
    { "app.yaml": `${targets}use: { it: { document: p.yaml } }\n${bucket("{}")}`, "p.yaml": plain },
    ["4:7 resources[0].label: the label it is the name of a part too; give one of them another name"],
  ],
  [
    "two parts of one name",
    {
      "app.yaml": app("{ a: { document: p.yaml }, a-b: { document: q.yaml, prefix: c } }"),
      "p.yaml": "use: { b: { document: q.yaml } }\n",
      "q.yaml": plain,
    },
    ["2:33 use.a-b: a-b is the name of another part already; give one of them another name"],
  ],
  [
    "targets that differ, and one that nobody has",
    {
      "app.yaml": app("{ a: { document: p.yaml } }"),
      "p.yaml": `targets: { cloud: { namespace: FakeAWS, config: { a: 1 } } }\n${plain}`,
    },
    [
      "p.yaml:1:12 targets.cloud: the target cloud is not the same as in line 1 of the document; give one of them another name, or leave it out of the part, which then uses that of the document",
    ],
  ],
  [
    "a target that nobody has",
    { "app.yaml": app("{ a: { document: p.yaml } }"), "p.yaml": plain.replace("cloud", "clown") },
    ["p.yaml:2:44 resources[1].target: there is no target clown; the targets are: cloud"],
  ],
  [
    "fields of a part that are none",
    { "app.yaml": app("{ a: { document: p.yaml } }"), "p.yaml": `${plain}colour: red\n` },
    [
      "p.yaml:3:1 colour: there is no such field; the fields are: name, targets, resources, moved, outputs, parameters, use",
    ],
  ],
  [
    "fields of a part that have another shape",
    { "app.yaml": app("{ a: { document: p.yaml } }"), "p.yaml": "resources: {}\ntargets: []\noutputs: 1\n" },
    [
      "p.yaml:3:1 outputs: expected items by name, such as outputs: { NAME: ... }",
      "p.yaml:1:1 resources: expected a list, such as resources: [...]",
      "p.yaml:2:1 targets: expected items by name, such as targets: { NAME: ... }",
    ],
  ],
]

const outputs: ReadonlyArray<Case> = [
  [
    "outputs that a part does not have, or has nothing in, or that fit into no text",
    {
      "app.yaml": app(
        "{ a: { document: p.yaml } }",
        '{ A: { $ref: a.vpcid }, B: { $ref: a.o.z }, C: { $text: "${a.o}" }, D: { $ref: a.n }, E: { $ref: a.vpcId.x.y } }',
      ),
      "p.yaml": `${plain}outputs: { vpcId: { $ref: x.Id }, o: { y: 1 } }\n`,
    },
    [
      "4:74 resources[0].properties.A: the part a has no output vpcid; did you mean vpcId?",
      "4:96 resources[0].properties.B: the output o of the part a has nothing at z; refer to the whole of it, or have the part give what is missing",
      "4:121 resources[0].properties.C.$text: only a string, a number, true or false can be put into a text; put this in by itself, or a value that is inside it",
      "4:140 resources[0].properties.D: the part a has no output n; the outputs are: vpcId, o",
    ],
  ],
  [
    "outputs that refer to what is not there, also where nobody uses them",
    {
      "app.yaml": app("{ a: { document: p.yaml } }"),
      "p.yaml": `use: { q: { document: q.yaml } }\n${plain}outputs: { one: { $ref: q.none }, two: { $ref: y.Id } }\n`,
      "q.yaml": plain,
    },
    [
      "p.yaml:4:35 outputs.two: there is no resource with the label y in this document, which is used as a part; give it the value by a parameter",
    ],
  ],
  [
    "outputs of a part of a part that are not there",
    {
      "app.yaml": app("{ a: { document: p.yaml } }"),
      "p.yaml": `use: { q: { document: q.yaml } }\n${plain}outputs: { one: { $ref: q.none } }\n`,
      "q.yaml": plain,
    },
    ["p.yaml:4:12 outputs.one: the part a-q has no output none; there are no outputs"],
  ],
  [
    "outputs that need each other",
    {
      "app.yaml": app(
        "{ a: { document: p.yaml, parameters: { in: { $ref: b.out } } }, b: { document: p.yaml, parameters: { in: { $ref: a.out } } } }",
      ),
      "p.yaml": `parameters: { in: { type: string } }\n${plain}outputs: { out: { $text: "\${param.in}!" } }\n`,
    },
    [
      "p.yaml:4:19 outputs.out.$text: the outputs of parts refer to each other in a circle: a.out → b.out → a.out; take one of these references out",
    ],
  ],
]

describe("a document that uses others", () => {
  it.effect.each([...shapes, ...documents, ...parameters, ...joins, ...outputs])(
    "is refused with %s",
    ([, files, says]) =>
      Effect.gen(function* () {
        assert.deepEqual(yield* mistakesInApp(files), says)
      }),
  )

  it.effect("is refused where it has no folder, and where one of its own files is to be a part", () =>
    Effect.gen(function* () {
      const files = {
        "app.yaml": app("{ a: { document: sub/p.yaml } }"),
        "sub/p.yaml": "use: { b: { document: ../b.yaml } }\n",
        "b.yaml": plain,
      }
      const none = () => Effect.die("no folder")
      assert.deepEqual(yield* mistakesInApp(files, { files: ["app.yaml", "b.yaml"], readFile: none }), [
        "sub/p.yaml:1:13 use.b.document: b.yaml is a file of the document already, and cannot be a part of it too: the document → sub/p.yaml → b.yaml; take it out of use",
      ])
    }),
  )
})

describe("what parts bring is bounded", () => {
  const many = (count: number, document: string) =>
    `{ ${Array.from({ length: count }, (_, index) => `p${index}: { document: ${document} }`).join(", ")} }`

  it.effect("in number", () =>
    Effect.gen(function* () {
      const level = (next: string) => `use: ${many(12, next)}\n`
      const files = {
        "app.yaml": app("{ a: { document: 1.yaml } }"),
        "1.yaml": level("2.yaml"),
        "2.yaml": level("3.yaml"),
        "3.yaml": level("4.yaml"),
        "4.yaml": plain,
      }
      const [first] = yield* mistakesInApp(files)
      assert.match(
        String(first),
        /^3\.yaml:1:\d+ use\.p\d+\.document: there are more than 1000 parts: app\.yaml → 1\.yaml → /,
      )
    }),
  )

  it.effect("in size, as they are written and as they are put in", () =>
    Effect.gen(function* () {
      const list = JSON.stringify(Array.from({ length: 30_000 }, () => 0))
      const written = { "app.yaml": app(many(40, "p.yaml")), "p.yaml": bucket(`{ A: ${list} }`, "x") }
      const [first] = yield* mistakesInApp(written)
      assert.match(
        String(first),
        /^2:\d+ use\.p33\.document: what is used makes the document larger than 1000000 values/,
      )

      const put = `parameters: { in: { type: list, default: [] } }\nresources: []\noutputs: { out: [${"{ $param: in }, ".repeat(10)}0] }\n`
      const chain = Array.from(
        { length: 8 },
        (_, index) => `p${index}: { document: p.yaml, parameters: { in: { $ref: p${index + 1}.out } } }`,
      )
      const grown = {
        "app.yaml": app(`{ ${chain.join(", ")}, p8: { document: p.yaml } }`, "{ A: { $ref: p0.out } }"),
        "p.yaml": put,
      }
      assert.match((yield* mistakesInApp(grown)).join("\n"), /what is put in here makes the document larger than /)
    }),
  )

  it.effect("in depth", () =>
    Effect.gen(function* () {
      const deep = "{ a: ".repeat(150) + "{ $param: in }" + " }".repeat(150)
      const part = `parameters: { in: { type: object, default: {} } }\nresources: []\noutputs: { out: ${deep} }\n`
      const chain = Array.from(
        { length: 20 },
        (_, index) => `p${index}: { document: p.yaml, parameters: { in: { $ref: p${index + 1}.out } } }`,
      )
      const files = { "app.yaml": app(`{ ${chain.join(", ")}, p20: { document: p.yaml } }`), "p.yaml": part }
      const [first] = yield* mistakesInApp(files)
      assert.match(
        String(first),
        /^p\.yaml:3:\d+ outputs\.out.*: what is put in here is nested deeper than 1000 levels; put in what is nested less$/,
      )
    }),
  )
})
