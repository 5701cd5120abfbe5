import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { DocumentReads } from "../../../../src/agent/forma/template/DocumentInputs.ts"
import { mistakesInApp, readApp } from "./parts.ts"

const canary = "canary-5e0c"

const targets = "targets: { cloud: { namespace: FakeAWS } }\n"

const network = `parameters:
  cidr: { type: string, pattern: "[0-9./]+" }
  tag: { type: string, default: none }
resources:
  - { label: vpc, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: { $param: cidr } } }
  - label: subnet
    type: FakeAWS::EC2::Subnet
    target: cloud
    dependsOn: [vpc]
    properties: { VpcId: { $ref: vpc.VpcId }, Name: { $text: "\${vpc.VpcId}/\${param.tag}/$\${vpc.x}" } }
outputs:
  vpcId: { $ref: vpc.VpcId }
  name: { $text: "net-\${subnet.Id}" }
  range: { $param: cidr }
moved: [{ from: old, to: vpc }]
`

const use = (more = "", parameters = "{ cidr: 10.0.0.0/16 }") =>
  `use: { net: { document: ./network.yaml, parameters: ${parameters}${more} } }\n`

const bucket = (properties: string, label = "it") =>
  `resources:\n  - { label: ${label}, type: FakeAWS::S3::Bucket, target: cloud, properties: ${properties} }\n`

const propertiesIn = (files: Readonly<Record<string, string>>) =>
  Effect.map(readApp(files), ({ forma }) =>
    Object.fromEntries(forma.resources.map(({ label, properties }) => [label, properties])),
  )

describe("a document that is used as a part", () => {
  it.effect("joins its resources under a prefix; its references stay inside, and its outputs are for its user", () =>
    Effect.gen(function* () {
      const { forma, locate } = yield* readApp({
        "app.yaml":
          targets +
          use() +
          bucket('{ A: { $ref: net.vpcId }, B: { $text: "a-${net.name}-${net.range}" }, C: { $ref: net.range } }'),
        "network.yaml": `name: other\n${network}`,
      })
      assert.deepEqual<unknown>(forma, {
        name: "app",
        targets: { cloud: { namespace: "FakeAWS" } },
        moved: [{ from: "net-old", to: "net-vpc" }],
        resources: [
          {
            label: "it",
            type: "FakeAWS::S3::Bucket",
            target: "cloud",
            properties: {
              A: { $ref: "net-vpc.VpcId" },
              B: { $text: "a-net-${net-subnet.Id}-10.0.0.0/16" },
              C: "10.0.0.0/16",
            },
          },
          {
            label: "net-vpc",
            type: "FakeAWS::EC2::VPC",
            target: "cloud",
            properties: { CidrBlock: "10.0.0.0/16" },
          },
          {
            label: "net-subnet",
            type: "FakeAWS::EC2::Subnet",
            target: "cloud",
            dependsOn: ["net-vpc"],
            properties: {
              VpcId: { $ref: "net-vpc.VpcId" },
              Name: { $text: "${net-vpc.VpcId}/none/$${vpc.x}" },
            },
          },
        ],
      })
      assert.deepEqual(locate(["resources", 2, "properties", "VpcId"]), { file: "network.yaml", line: 11, column: 19 })
      assert.deepEqual(locate(["resources", 0, "label"]), { line: 4, column: 7 })
    }),
  )

  it.effect("has the prefix that it is given, none too, and may be used twice", () =>
    Effect.gen(function* () {
      const { forma } = yield* readApp({
        "app.yaml": `${targets}use:
  a: { document: network.yaml, prefix: "", parameters: { cidr: "1" } }
  b: { document: ./network.yaml, prefix: B_, parameters: { cidr: "2" } }
resources: []
`,
        "network.yaml": network.replace(/moved.*\n/, ""),
      })
      assert.deepEqual(
        forma.resources.map(({ label }) => label),
        ["vpc", "subnet", "B_vpc", "B_subnet"],
      )
    }),
  )

  it.effect("is given any value; a reference of the user stays that of the user", () =>
    Effect.gen(function* () {
      const properties = yield* propertiesIn({
        "app.yaml": `parameters: { zone: { type: string, default: z1 }, many: { type: list, default: [1] } }
${targets}use:
  part:
    document: part.yaml
    parameters:
      text: { $text: "\${it.Arn}-\${param.zone}" }
      ref: { $ref: it.Arn }
      object: { a: [{ $ref: it.Id }, { $param: many }] }
      secret: { $secret: { $ref: it.Key } }
      output: { $output: other.value }
${bucket("{}")}  - { label: last, type: FakeAWS::S3::Bucket, target: cloud, properties: { A: { $ref: part.all } } }
`,
        "part.yaml": `parameters:
  text: { type: string }
  ref: { type: string }
  object: { type: object }
  secret: { type: string }
  output: { type: string }
resources:
  - label: it
    type: FakeAWS::S3::Bucket
    target: cloud
    properties:
      A: { $param: ref }
      B: { $text: "<\${param.ref}|\${param.text}|\${it2.Arn}|\${param.output}>" }
      C: { $param: object }
      D: { $text: "\${param.secret}!" }
      E: { $param: secret }
  - { label: it2, type: FakeAWS::S3::Bucket, target: cloud }
outputs: { all: [{ $param: ref }, { $ref: it.Arn }] }
`,
      })
      assert.deepEqual<unknown>(properties, {
        it: {},
        last: { A: [{ $ref: "it.Arn" }, { $ref: "part-it.Arn" }] },
        "part-it": {
          A: { $ref: "it.Arn" },
          B: { $text: "<${it.Arn}|${it.Arn}-z1|${part-it2.Arn}|${output.other.value}>" },
          C: { a: [{ $ref: "it.Id" }, [1]] },
          D: { $secret: { $text: "${it.Key}!" } },
          E: { $secret: { $ref: "it.Key" } },
        },
        "part-it2": undefined,
      })
    }),
  )

  it.effect("may use others, may be given the outputs of others, and reads files from its own folder", () =>
    Effect.gen(function* () {
      const properties = yield* propertiesIn({
        "app.yaml": `${targets}use:
  b: { document: parts/b.yaml, parameters: { in: { $ref: a.out } } }
  a: { document: parts/a.yaml }
${bucket("{ A: { $ref: b.up }, B: { $ref: b.list.first } }")}`,
        "parts/a.yaml": `use: { deep: { document: ../deep.yaml, prefix: d- } }
resources: []
outputs: { out: { $ref: deep.id } }
`,
        "parts/b.yaml": `parameters: { in: { type: string } }
${bucket('{ F: { $file: ./f.txt }, In: { $text: "<${param.in}>" } }', "b")}
outputs: { up: [{ $param: in }], list: { first: { $ref: b.Id } } }
`,
        "parts/f.txt": "text",
        "deep.yaml": `${bucket("{ G: { $file: ./g.txt } }", "x")}
outputs: { id: { $ref: x.Id } }
`,
        "g.txt": "deep",
      })
      assert.deepEqual<unknown>(properties, {
        it: { A: [{ $ref: "a-d-x.Id" }], B: { $ref: "b-b.Id" } },
        "b-b": { F: "text", In: { $text: "<${a-d-x.Id}>" } },
        "a-d-x": { G: "deep" },
      })
    }),
  )

  it.effect("may have targets of its own, and the same as its user", () =>
    Effect.gen(function* () {
      const { forma } = yield* readApp({
        "app.yaml": `targets: { cloud: { namespace: FakeAWS, config: { a: 1, b: 2 } } }\nuse: { p: { document: p.yaml } }\nresources: []\n`,
        "p.yaml": `targets: { cloud: { config: { b: 2, a: 1 }, namespace: FakeAWS }, mine: { namespace: FakeAWS } }\n${bucket("{}")}`,
      })
      assert.deepEqual(Object.keys(forma.targets), ["cloud", "mine"])
    }),
  )

  it.effect("keeps what is secret so, through parameters and outputs, and says it in no mistake", () =>
    Effect.gen(function* () {
      const files = (properties: string) => ({
        "app.yaml": `parameters: { key: { type: string, secret: true } }\n${targets}use: { p: { document: p.yaml, parameters: { k: { $param: key }, plain: ${canary} } } }\n${bucket(properties)}`,
        "p.yaml": `parameters: { k: { type: string }, plain: { type: string, secret: true } }\n${bucket('{ A: { $param: k }, B: { $text: "k=${param.k}" }, C: { $param: plain } }')}outputs: { k: { $text: "<\${param.k}>" }, o: { x: { $param: k } } }\n`,
      })
      const { forma } = yield* readApp(
        files('{ D: { $ref: p.k }, E: { $text: "${p.k}!" }, F: { $ref: p.o.x }, G: { $secret: { $ref: p.k } } }'),
        { parameters: { key: canary } },
      )
      assert.deepEqual<unknown>(
        forma.resources.map(({ properties }) => properties),
        [
          {
            D: { $secret: `<${canary}>` },
            E: { $secret: `<${canary}>!` },
            F: { $secret: canary },
            G: { $secret: `<${canary}>` },
          },
          { A: { $secret: canary }, B: { $secret: `k=${canary}` }, C: { $secret: canary } },
        ],
      )
      const wrong = files("{}")
      const said = yield* mistakesInApp(
        { ...wrong, "p.yaml": wrong["p.yaml"].replaceAll("type: string", "type: string, allowed: [a]") },
        { parameters: { key: canary } },
      )
      assert.lengthOf(said, 2)
      assert.notInclude(said.join(), canary)
    }),
  )
})

describe("what parts read", () => {
  const files = {
    "app.yaml": `${targets}use: { p: { document: sub/p.yaml, parameters: { r: { $env: R } } } }\n${bucket("{ A: { $file: a.txt } }")}`,
    "sub/p.yaml": `parameters: { r: { type: string }, d: { type: string, default: { $env: D } } }
targets: { other: { namespace: FakeAWS, config: { region: { $param: r } } } }
${bucket("{ A: { $file: b.txt }, B: { $env: B }, C: { $param: d } }")}`,
    "a.txt": "a",
    "sub/b.txt": "b",
  }

  it.effect("is asked for in one question, with where it may go, before any of it is read", () =>
    Effect.gen(function* () {
      const seen: Array<DocumentReads> = []
      yield* readApp(files, { permit: (reads) => Effect.sync(() => void seen.push(reads)), variable: (name) => name })
      assert.deepEqual(seen, [
        {
          declared: [],
          targetParameters: { "sub/p.yaml: r": null },
          variables: ["B", "D", "R"],
          files: ["a.txt", "sub/b.txt"],
          targets: { cloud: { namespace: "FakeAWS" } },
          parts: [
            {
              name: "p",
              document: "sub/p.yaml",
              targets: { other: { namespace: "FakeAWS", config: { region: { $param: "r" } } } },
              parameters: { r: { $env: "R" } },
            },
          ],
        },
      ])
      const refused = readApp(files, {
        variable: () => assert.fail("a variable was read"),
        readFile: () => Effect.die("a file was read"),
        permit: () => Effect.die("no"),
      })
      assert.strictEqual((yield* Effect.exit(refused))._tag, "Failure")
    }),
  )

  it.effect("has the way to a part in a part, and no secret that it is given", () =>
    Effect.gen(function* () {
      const seen: Array<DocumentReads> = []
      const nested = {
        "app.yaml": `${targets}use: { outer: { document: outer.yaml } }\n${bucket("{ A: { $env: A } }")}`,
        "outer.yaml": `use: { inner: { document: inner.yaml, parameters: { key: ${canary} } } }\n`,
        "inner.yaml": `parameters: { key: { type: string, secret: true } }
targets: { far: { namespace: FakeAWS, config: { key: { $param: key } } } }
`,
      }
      yield* readApp(nested, { permit: (reads) => Effect.sync(() => void seen.push(reads)), variable: (name) => name })
      assert.deepEqual(
        seen[0]?.parts.map(({ document, name, parameters }) => [name, document, parameters]),
        [["outer.inner", "inner.yaml", { key: { $secret: canary } }]],
      )
    }),
  )

  it.effect("are the parameters that the document itself is given: those of parts are given by their user", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      yield* readApp(
        { "app.yaml": targets + use() + bucket("{}"), "network.yaml": network },
        {
          given: (declared) =>
            Effect.sync(() => {
              asked.push(...declared.map(({ name }) => name))
              return [{ name: "tag", value: "x", isShared: true }]
            }),
        },
      )
      assert.deepEqual(asked, [])
    }),
  )
})
