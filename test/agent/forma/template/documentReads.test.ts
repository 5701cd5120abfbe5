import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readForma } from "../../../../src/agent/forma/FormaText.ts"
import {
  type DocumentInputs,
  type DocumentReads,
  FileRefused,
} from "../../../../src/agent/forma/template/DocumentInputs.ts"
import { documentOf, mistakesIn, propertiesOf, variables } from "./template.ts"

describe("what a document reads", () => {
  const text = documentOf(
    '{ A: { $env: ONE }, B: { $env: TWO, default: two }, C: { $text: "${env.ONE}!" }, D: { $file: a/b.txt }, E: { $file: a/b.txt } }',
  )
  const reading = (seen: Array<DocumentReads | string>): DocumentInputs => ({
    ...variables({ ONE: "1" }),
    permit: (reads) => Effect.sync(() => void seen.push(reads)),
    readFile: (path) => Effect.sync(() => (seen.push(path), "text\n")),
  })

  it.effect("is put in, each file being read once, after it was permitted", () =>
    Effect.gen(function* () {
      const seen: Array<DocumentReads | string> = []
      const properties = yield* propertiesOf(text, reading(seen))
      assert.deepEqual<unknown>(properties, { A: "1", B: "two", C: "1!", D: "text\n", E: "text\n" })
      assert.deepEqual(seen, [
        {
          variables: ["ONE", "TWO"],
          files: ["a/b.txt"],
          targets: { cloud: { namespace: "FakeAWS" } },
          parts: [],
          targetParameters: {},
          declared: [],
        },
        "a/b.txt",
      ])
    }),
  )

  it.effect("is not read where it is not permitted", () =>
    Effect.gen(function* () {
      const inputs: DocumentInputs<"no"> = {
        variable: () => assert.fail("a variable was read"),
        readFile: () => Effect.die("a file was read"),
        ask: () => Effect.die("parameters were asked for"),
        permit: () => Effect.fail("no"),
      }
      assert.strictEqual(yield* Effect.flip(readForma(text, "file", inputs)), "no")
    }),
  )

  it.effect("is refused with the reason of a file at each of its places", () =>
    Effect.gen(function* () {
      const readFile = () => Effect.fail(new FileRefused({ reason: "there is no such file" }))
      assert.deepEqual(yield* mistakesIn(text, { ...variables({ ONE: "1" }), readFile }), [
        "5:96 resources[0].properties.D: there is no such file",
        "5:119 resources[0].properties.E: there is no such file",
      ])
    }),
  )

  it.effect("needs no permission in a document that reads nothing, and declares no parameters", () =>
    propertiesOf(documentOf("{}"), { permit: () => Effect.die("asked") }),
  )

  it.effect("is permitted with the parameters that it declares, and what its targets are made of", () =>
    Effect.gen(function* () {
      const seen: Array<DocumentReads | string> = []
      const text = `parameters:
  port: { type: integer, default: 1 }
  host: { type: string, default: a }
  key: { type: string, default: canary, secret: true }
  other: { type: string, default: b }
targets:
  cloud: { namespace: FakeAWS, config: { to: { $text: "\${param.host}" }, on: { $param: port }, as: { $param: key } } }
resources: [{ label: it, type: FakeAWS::EC2::VPC, target: cloud, properties: { Name: { $param: other } } }]
`
      yield* readForma(text, "file", reading(seen))
      const [reads] = seen
      if (typeof reads !== "object") return assert.fail("nothing was permitted")
      assert.deepEqual(reads.targetParameters, { host: "a", key: { $secret: "canary" }, port: 1 })
      assert.deepEqual(reads.declared, ["port", "host", "key", "other"])
    }),
  )
})
