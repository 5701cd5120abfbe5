/** Documents that are almost right, with the forms that stand for other values in every place. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { formatPlaced } from "../../../../src/agent/forma/LocatedText.ts"
import { readForma } from "../../../../src/agent/forma/FormaText.ts"
import { type DocumentInputs, FileRefused } from "../../../../src/agent/forma/template/DocumentInputs.ts"
import { type Dice, fuzzSeeds, makeDice } from "../../../transport/fuzzedFrames.ts"

const canary = "canary-77aa"

const document = `parameters:
  key: { type: string, secret: true }
  count: { type: integer, default: 2, min: 1 }
  tags: { type: object, default: { a: [1] } }
  found: { type: string, default: { $env: SET } }
targets:
  cloud: { namespace: FakeAWS, config: { region: { $env: SET }, token: { $param: key } } }
resources:
  - &base { type: FakeAWS::EC2::VPC, target: cloud, label: net, properties: { CidrBlock: { $param: key }, Tags: [{ $param: tags }] } }
  - <<: [{ label: two }, *base]
    properties: { A: { $text: "\${net.VpcId}-\${param.key}-\${env.SET}" }, B: { $file: a.txt }, C: { $secret: { $param: found } } }
`

const pieces = [
  "{ $param: key }",
  "{ $param: count }",
  "{ $param: tags }",
  "{ $param: kye }",
  "{ $param: 1 }",
  "{ $env: SET }",
  "{ $env: UNSET }",
  "{ $env: UNSET, default: x, secret: true }",
  "{ $env: [] }",
  "{ $file: a.txt }",
  "{ $file: gone }",
  "{ $file: 1, x: 2 }",
  '{ $text: "${param.key}${" }',
  '{ $text: "${param.tags}" }',
  '{ $text: "$${param.key}${env.UNSET}" }',
  "{ $text: 5 }",
  "{ $secret: { $param: key } }",
  "{ $secret: { $secret: { $text: x } } }",
  "{ $ref: net.VpcId }",
  "{ __proto__: { $param: key } }",
  "{ <<: *base }",
  "<<: *base",
  "*base",
  "&base []",
  "parameters",
  "type: list",
  "secret: true",
  "default: { $param: key }",
  "null",
  "[",
  "}",
  "\n",
  '"',
  "- ",
  "1e999",
  ".nan",
  "$param",
  "${param.key}",
]

/** Values, words and characters of the document are replaced by pieces. */
const mutate = (next: Dice): string => {
  const places = /\{[^{}]*\}|[A-Za-z_$]+|[[\]:,]|"[^"]*"/g
  let text = document
  for (let changes = 1 + next(2); changes > 0; changes--) {
    const found = [...text.matchAll(places)]
    const one = found[next(found.length)]
    if (one === undefined) break
    const piece = pieces[next(pieces.length)] ?? ""
    text = text.slice(0, one.index) + piece + text.slice(one.index + one[0].length)
  }
  return text
}

const inputs: DocumentInputs = {
  parameters: { key: canary },
  variable: (name) => (name === "SET" ? "set" : undefined),
  readFile: (path) => (path === "a.txt" ? Effect.succeed("a") : Effect.fail(new FileRefused({ reason: "it is gone" }))),
}

describe("a document that is almost right", () => {
  it.effect("is a forma where nothing is changed", () => readForma(document, "d", inputs))

  it.effect("is a forma, or is refused with a place for each mistake, and never with what is secret", () =>
    Effect.gen(function* () {
      const verdicts = { read: 0, refused: 0 }
      for (const seed of fuzzSeeds(1_000)) {
        const text = mutate(makeDice(seed))
        const read = yield* Effect.result(readForma(text, "d", inputs))
        if (Result.isSuccess(read)) {
          verdicts.read += 1
          continue
        }
        verdicts.refused += 1
        const { issues } = read.failure
        assert.isNotEmpty(issues, text)
        for (const issue of issues) {
          const said = formatPlaced(issue)
          assert.match(said, /^\d+:\d+ /, text)
          assert.notMatch(said, /undefined|\[object|Error:|\.ts:\d/, text)
          assert.notInclude(said, canary, text)
        }
      }
      // Otherwise the changes are too small, or too large.
      assert.isAbove(verdicts.read, 10)
      assert.isAbove(verdicts.refused, 500)
    }),
  )
})
