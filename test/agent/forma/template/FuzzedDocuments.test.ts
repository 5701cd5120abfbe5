/** Documents that are almost right, with the forms that stand for other values in every place. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { formatPlaced, type PlacedIssue } from "../../../../src/agent/forma/LocatedText.ts"
import { readForma } from "../../../../src/agent/forma/FormaText.ts"
import { type DocumentInputs, FileRefused } from "../../../../src/agent/forma/template/DocumentInputs.ts"
import { inputsOf } from "./parts.ts"
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

/** Both are in one folder, and each of them may be changed. */
const user = `parameters:
  key: { type: string, secret: true }
targets:
  cloud: { namespace: FakeAWS }
use:
  a: { document: part.yaml, parameters: { in: { $ref: net.VpcId }, key: { $param: key } } }
  b: { document: ./part.yaml, prefix: b_, parameters: { in: { $text: "\${a.out}-\${a.key}" }, key: { $param: key } } }
resources:
  - { type: FakeAWS::EC2::VPC, target: cloud, label: net, properties: { CidrBlock: "1" } }
  - { type: FakeAWS::EC2::VPC, target: cloud, label: two, dependsOn: [net], properties: { CidrBlock: { $ref: b.out }, Tags: [{ $ref: b.all.list }] } }
`

const part = `parameters:
  in: { type: string }
  key: { type: string }
targets:
  mine: { namespace: FakeAWS, config: { token: { $param: key } } }
resources:
  - { type: FakeAWS::EC2::VPC, target: cloud, label: net, properties: { CidrBlock: { $param: in } } }
  - { type: FakeAWS::EC2::VPC, target: mine, label: own, dependsOn: [net], properties: { CidrBlock: { $text: "\${net.VpcId}\${param.in}" }, B: { $file: a.txt } } }
moved: [{ from: old, to: own }]
outputs: { out: { $ref: net.VpcId }, key: { $text: "<\${param.key}>" }, all: { list: [{ $param: in }] } }
`

const pieces = [
  "{ a: { document: part.yaml } }",
  "part.yaml",
  "app.yaml",
  "gone.yaml",
  "document",
  "prefix",
  "use",
  "in",
  "net",
  "a",
  "{ $ref: a.out }",
  "{ $ref: b.key }",
  "{ $ref: b.all.list }",
  '{ $text: "${b.out}${a.key}${net.VpcId}" }',
  "{ $output: x.y }",
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
const mutate = (document: string, next: Dice): string => {
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

const checkIssues = (issues: ReadonlyArray<PlacedIssue>, text: string) => {
  assert.isNotEmpty(issues, text)
  for (const issue of issues) {
    const said = formatPlaced(issue)
    assert.match(said, /^([a-z]+\.yaml:)?\d+:\d+ /, text)
    assert.notMatch(said, /undefined|\[object|Error:|\.ts:\d/, text)
    assert.notInclude(said, canary, text)
  }
}

describe("a document that is almost right", () => {
  it.effect("is a forma where nothing is changed", () => readForma(document, "d", inputs))

  it.effect("is a forma, or is refused with a place for each mistake, and never with what is secret", () =>
    Effect.gen(function* () {
      const verdicts = { read: 0, refused: 0 }
      for (const seed of fuzzSeeds(100)) {
        const text = mutate(document, makeDice(seed))
        const read = yield* Effect.result(readForma(text, "d", inputs))
        if (Result.isSuccess(read)) {
          verdicts.read += 1
          continue
        }
        verdicts.refused += 1
        checkIssues(read.failure.issues, text)
      }
      // Otherwise the changes are too small, or too large.
      assert.isAbove(verdicts.read, 1)
      assert.isAbove(verdicts.refused, 50)
    }),
  )

  it.effect("is one too with parts that are almost right", () =>
    Effect.gen(function* () {
      const read = (files: Readonly<Record<string, string>>) =>
        Effect.result(readForma(files["app.yaml"] ?? "", "app", { ...inputsOf(files), parameters: { key: canary } }))
      assert.isTrue(Result.isSuccess(yield* read({ "app.yaml": user, "part.yaml": part, "a.txt": "a" })))
      const verdicts = { read: 0, refused: 0 }
      for (const seed of fuzzSeeds(100)) {
        const next = makeDice(seed)
        const changed = next(2) === 0 ? { app: mutate(user, next), part } : { app: user, part: mutate(part, next) }
        const text = `${changed.app}---\n${changed.part}`
        const found = yield* read({ "app.yaml": changed.app, "part.yaml": changed.part, "a.txt": "a" })
        if (Result.isSuccess(found)) {
          verdicts.read += 1
          assert.notMatch(JSON.stringify(found.success.forma), /"use"|"\$param"|\$\{[ab]\./, text)
          continue
        }
        verdicts.refused += 1
        checkIssues(found.failure.issues, text)
      }
      assert.isAbove(verdicts.read, 1)
      assert.isAbove(verdicts.refused, 40)
    }),
  )
})
