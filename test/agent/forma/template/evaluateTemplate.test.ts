import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readForma } from "../../../../src/agent/forma/FormaText.ts"
import { documentOf, evaluated, mistakesIn, propertiesOf, variables } from "./template.ts"

const canary = "canary-4b1f"

describe("a parameter", () => {
  const declared = [
    "parameters:",
    "  name: { type: string }",
    "  count: { type: integer, default: 2, min: 1, max: 9 }",
    "  zones: { type: list, default: [a, b] }",
    "  tags: { type: object, default: { team: web } }",
    "  share: { type: number, default: 0.5 }",
    "  open: { type: boolean, default: false }",
  ]

  it.effect("stands for its value, of any type and at any depth, and is gone from the forma", () =>
    Effect.gen(function* () {
      const text = documentOf(
        "{ Name: { $param: name }, Deep: [{ Count: { $param: count } }, { $param: zones }], Tags: { $param: tags }, Share: { $param: share }, Open: { $param: open } }",
        ...declared,
      )
      const { forma } = yield* readForma(text, "file", { parameters: { name: "assets", open: true } })
      assert.deepEqual<unknown>(forma, {
        name: "file",
        targets: { cloud: { namespace: "FakeAWS" } },
        resources: [
          {
            label: "it",
            type: "FakeAWS::S3::Bucket",
            target: "cloud",
            properties: {
              Name: "assets",
              Deep: [{ Count: 2 }, ["a", "b"]],
              Tags: { team: "web" },
              Share: 0.5,
              Open: true,
            },
          },
        ],
      })
    }),
  )

  it.effect("can be in a target, a label and a type too", () =>
    Effect.gen(function* () {
      const { forma } = yield* readForma(
        `parameters: { region: { type: string, default: eu-1 }, label: { type: string, default: net } }
targets: { cloud: { namespace: FakeAWS, config: { region: { $param: region } } } }
resources: [{ label: { $param: label }, type: FakeAWS::EC2::VPC, target: cloud }]
`,
        "file",
      )
      assert.deepEqual<unknown>(forma.targets["cloud"]?.config, { region: "eu-1" })
      assert.strictEqual(forma.resources[0]?.label, "net")
    }),
  )

  it.effect("is put into a text, in which other values stay", () =>
    Effect.gen(function* () {
      const text = documentOf(
        '{ A: { $text: "${param.name}-${param.count}-${param.open}" }, B: { $text: "${param.name}/${other.Arn}/$${x.y}" }, C: "${param.name}" }',
        ...declared,
      )
      assert.deepEqual(yield* evaluated(text, { parameters: { name: "a${b.c}$" } }), {
        A: "a${b.c}$-2-false",
        B: { $text: "a$${b.c}$/${other.Arn}/$${x.y}" },
        C: "${param.name}",
      })
    }),
  )

  it.effect("has the last of the values that it is given, and a text is read by its type", () =>
    Effect.gen(function* () {
      const text = documentOf(
        "{ A: [{ $param: count }, { $param: zones }, { $param: open }, { $param: name }] }",
        ...declared,
      )
      const properties = yield* propertiesOf(text, {
        parameters: { count: 1, name: "first" },
        given: (parameters) => {
          assert.deepEqual(
            parameters.map(({ name }) => name),
            ["name", "count", "zones", "tags", "share", "open"],
          )
          return Effect.succeed([
            { name: "count", value: "3", isText: true },
            { name: "count", value: " 4 ", isText: true },
            { name: "zones", value: "[x, { y: 1 }]", isText: true },
            { name: "open", value: "true", isText: true },
            { name: "name", value: " 007 ", isText: true },
          ])
        },
      })
      assert.deepEqual<unknown>(properties, { A: [4, ["x", { y: 1 }], true, " 007 "] })
    }),
  )

  it.effect("that is secret is marked so, in a text as a whole, and once only", () =>
    Effect.gen(function* () {
      const text = documentOf(
        '{ A: { $param: key }, B: { $text: "key=${param.key}" }, C: { $text: "${net.Arn}:${param.key}" }, D: { $secret: { $param: key } }, E: { $secret: { $text: "${param.key}${net.Arn}" } }, F: { $env: KEY, secret: true }, G: { $param: found } }',
        "parameters: { key: { type: string, secret: true }, found: { type: string, default: { $env: KEY, secret: true } } }",
      )
      assert.deepEqual(yield* evaluated(text, { parameters: { key: "a${b.c}" }, ...variables({ KEY: "k" }) }), {
        A: { $secret: "a${b.c}" },
        B: { $secret: "key=a${b.c}" },
        C: { $secret: { $text: "${net.Arn}:a$${b.c}" } },
        D: { $secret: "a${b.c}" },
        E: { $secret: { $text: "a$${b.c}${net.Arn}" } },
        F: { $secret: "k" },
        G: { $secret: "k" },
      })
    }),
  )

  it.effect("may be looked up in the environment where nothing is given", () =>
    Effect.gen(function* () {
      const text = documentOf(
        "{ A: { $param: count } }",
        "parameters: { count: { type: integer, default: { $env: COUNT } } }",
      )
      assert.deepEqual<unknown>(yield* propertiesOf(text, variables({ COUNT: "7" })), { A: 7 })
      assert.deepEqual<unknown>(yield* propertiesOf(text, { ...variables({}), parameters: { count: 1 } }), { A: 1 })
      assert.deepEqual(yield* mistakesIn(text, variables({ COUNT: canary })), [
        "6:15 parameters.count: the value from the variable COUNT is not an integer, such as 3",
      ])
      assert.deepEqual(yield* mistakesIn(text, variables({})), [
        '6:15 parameters.count: the environment has no variable COUNT; set it, or give it a default: { $env: COUNT, default: "..." }',
      ])
    }),
  )

  it.effect("without a value is named, and all of them at once", () =>
    Effect.gen(function* () {
      const text = documentOf("{}", "parameters:", "  key: { type: string, secret: true }", "  size: { type: integer }")
      const error = yield* Effect.flip(readForma(text, "file"))
      assert.deepEqual(error.missing, ["key", "size"])
      assert.deepEqual(error.message.split("\n"), [
        "7:3 parameters.key: the parameter key has no value",
        "8:3 parameters.size: the parameter size has no value",
      ])
    }),
  )
})

describe("a value that a parameter cannot have is refused without it", () => {
  const rules = (rule: string) => documentOf("{}", `parameters: { p: { ${rule} } }`)
  it.effect.each<[rule: string, value: string | number, says: string]>([
    ["type: integer", "x1", "is not an integer, such as 3"],
    ["type: integer", "1.5", "is not an integer, such as 3"],
    ["type: integer", "9007199254740993", "is not an integer, such as 3"],
    ["type: number", "0x10", "is not a number, such as 2.5"],
    ["type: boolean", "yes", "is not true or false; write one of the two"],
    ["type: list", "{ a: 1 }", "is not a list, such as [a, b]"],
    ["type: list", "[a", "is not a list, such as [a, b]"],
    ["type: object", "[a]", "is not an object, such as { a: 1 }"],
    ["type: string", 12, "is not a string; put it in quotes if it looks like something else"],
    ["type: integer, min: 3", "2", "is less than 3; write a larger one"],
    ["type: number, max: 0.5", "2", "is more than 0.5; write a smaller one"],
    ["type: string, min: 3", "ab", "has less than 3 characters; write a longer one"],
    ["type: list, max: 1", "[1, 2]", "has more than 1 item; write fewer"],
    ["type: string, pattern: '[a-z]+'", "abc-", "does not match the pattern [a-z]+; write one that does"],
    ["type: string, pattern: 'a|bc'", "abc", "does not match the pattern a|bc; write one that does"],
    ["type: string, allowed: [dev, prod]", "prd", "is none of those that are allowed: dev, prod; did you mean prod?"],
    [
      "type: string, allowed: [dev, prod], secret: true",
      "prd",
      "is none of those that are allowed; the document has them under allowed",
    ],
    [
      "type: object",
      "{ a: [{ $env: HOME }] }",
      "has $env in it, which the value of a parameter cannot have; write the value itself",
    ],
  ])("%s: %s", ([rule, value, says]) =>
    Effect.gen(function* () {
      const given = [{ name: "p", value, isText: typeof value === "string", from: "the test" }]
      assert.deepEqual(yield* mistakesIn(rules(rule), { given: () => Effect.succeed(given) }), [
        `6:15 parameters.p: the value from the test ${says}`,
      ])
    }),
  )

  it.effect("and a name that is not declared, with what was meant; a file is named by its place", () =>
    Effect.gen(function* () {
      const text = documentOf("{}", "parameters: { replicas: { type: integer, default: 1 } }")
      const place = { file: "prod.yaml", line: 3, column: 2 }
      const given = [
        { name: "replica", value: 1, from: "the test" },
        { name: "zone", value: 1, place },
        { name: "replicas", value: "x", place },
      ]
      assert.deepEqual(yield* mistakesIn(text, { given: () => Effect.succeed(given) }), [
        "6:1 parameters: the document has no parameter replica, for which there is a value from the test; did you mean replicas?",
        "prod.yaml:3:2 zone: the document has no parameter zone; the parameters are: replicas",
        "prod.yaml:3:2 replicas: the value is not an integer, such as 3",
      ])
    }),
  )

  it.effect(
    "unless it comes from where other documents take values too, and is not much like one without a value",
    () =>
      Effect.gen(function* () {
        const text = documentOf(
          "{ A: { $param: replicas } }",
          "parameters: { replicas: { type: integer, default: 1 } }",
        )
        const from = (...names: ReadonlyArray<string>) => ({
          given: () => Effect.succeed(names.map((name) => ({ name, value: 5, isShared: true }))),
        })
        assert.deepEqual<unknown>(yield* propertiesOf(text, from("replicas", "replica", "zone")), { A: 5 })
        assert.lengthOf(yield* mistakesIn(text, from("replica", "zone")), 1)
      }),
  )
})

describe("what is put in is bounded", () => {
  it.effect("as the aliases of a document are", () =>
    Effect.gen(function* () {
      const big = JSON.stringify(Array.from({ length: 10_000 }, () => 0))
      const many = `[${Array.from({ length: 101 }, () => "{ $param: big }").join(", ")}]`
      const [mistake] = yield* mistakesIn(
        documentOf(`{ A: ${many} }`, `parameters: { big: { type: list, default: ${big} } }`),
      )
      assert.match(
        String(mistake),
        /^5:\d+ resources\[0\]\.properties\.A\[99\]: what is put in here makes the document larger than /,
      )
    }),
  )
})
