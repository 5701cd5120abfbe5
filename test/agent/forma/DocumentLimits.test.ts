import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readForma } from "../../../src/agent/forma/FormaText.ts"

const mistakesIn = (text: string) =>
  Effect.map(Effect.flip(readForma(text, "file")), ({ message }) => message.split("\n"))

const head = "targets:\n  cloud: { namespace: FakeAWS }\n"

describe("a document that is nested too deep is refused at the place where it is", () => {
  const message = "the document is nested deeper than 200 levels; put what is nested so deep into a text of its own"
  const flow = (levels: number) => "[".repeat(levels) + "]".repeat(levels)
  const blocks = Array.from({ length: 250 }, (_, level) => `${" ".repeat(level)}a:`).join("\n")

  it.effect.each<[string, string, string]>([
    ["on one line", `${head}x: ${flow(250)}\n`, "3:204"],
    ["on a line of its own for each level", `${head}x: ${" [\n".repeat(250)}${" ]\n".repeat(250)}`, "203:2"],
    ["in blocks", `${blocks} 1\n`, "201:201"],
    ["in two places", `${head}x: ${flow(9)}\ny: ${flow(250)}\nz: ${flow(250)}\n`, "4:204"],
  ])("%s", ([, text, place]) =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakesIn(text), [`${place} ${message}`])
    }),
  )
})

describe("a label", () => {
  const labelled = (label: string) =>
    `${head}resources:\n  - label: ${label}\n    type: FakeAWS::EC2::VPC\n    target: cloud\n    properties: {}\n`

  it.effect("has at most 1,024 characters", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        (yield* readForma(labelled("a".repeat(1_024)), "file")).forma.resources[0]?.label.length,
        1_024,
      )
      const [mistake] = yield* mistakesIn(labelled("a".repeat(1_025)))
      assert.match(String(mistake), /^\d+:\d+ resources\[0\]\.label: has 1025 characters, and may have 1024$/)
    }),
  )
})
