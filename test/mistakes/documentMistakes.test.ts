import { afterAll, assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { root } from "../architecture/sources.ts"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { layerAgent } from "../agent/shop.ts"
import { folderMistakes, yamlMistakes } from "./fileMistakes.ts"
import { type MessageText, messageTexts, refusingModules } from "./messageTexts.ts"
import type { Mistake } from "./Mistake.ts"
import { declarationMistakes, givenMistakes, nameMistakes } from "./parameterMistakes.ts"
import { layerOfProcess, placeOf, refuse } from "./refuse.ts"
import { careMistakes, movedMistakes, onlyMistakes, resourceMistakes } from "./resourceMistakes.ts"
import { checkedByCompiler, shownIn, unreachable } from "./shownElsewhere.ts"
import { schemaMistakes } from "./schemaMistakes.ts"
import { rules } from "./rules.ts"
import { useMistakes } from "./useMistakes.ts"
import { nestedMistakes, outputMistakes, outsideMistakes, referenceMistakes, textMistakes } from "./valueMistakes.ts"

const tables: Readonly<Record<string, ReadonlyArray<Mistake>>> = {
  references: referenceMistakes,
  "what is inside of a property": nestedMistakes,
  texts: textMistakes,
  "what is put in from outside": outsideMistakes,
  outputs: outputMistakes,
  resources: resourceMistakes,
  schemas: schemaMistakes,
  care: careMistakes,
  moved: movedMistakes,
  only: onlyMistakes,
  "declared parameters": declarationMistakes,
  "given parameters": givenMistakes,
  names: nameMistakes,
  YAML: yamlMistakes,
  folders: folderMistakes,
  parts: useMistakes,
}

const temporary = mkdtempSync(join(tmpdir(), "formae-mistakes-"))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

let folders = 0
const folderFor = () => {
  const folder = join(temporary, String(++folders))
  mkdirSync(folder)
  return folder
}
/** All that was said, for each mistake. */
const refusals: Array<ReadonlyArray<string>> = []
const isPlaced = /:\d+:\d+ /

/** What was applied before is in a state of its own. */
const stateOf = ({ given }: Mistake) => (given.applied === undefined ? Layer.empty : Layer.fresh(layerAgent()))

const rows = Object.entries(tables).flatMap(([kind, mistakes]) =>
  mistakes.map((one) => [`${kind}: ${one.title}`, one] as const),
)

layer(layerAgent([inProcess(fakeAws), rules]), { excludeTestServices: true })(
  "a mistake is refused with its place and a way out",
  (it) => {
    it.effect.each(rows)("%s", ([, one]) => {
      const folder = folderFor()
      return Effect.gen(function* () {
        const lines = yield* refuse(one, folder)
        refusals.push(lines)
        const place = placeOf(one, folder)
        const told = lines.join("\n")
        assert.isTrue(
          lines.some((line) => line.includes(place)),
          `${place} is not the place in:\n${told}`,
        )
        assert.include(told, one.wayOut)
        assert.notInclude(told, "    at ")
      }).pipe(Effect.provide(Layer.merge(layerOfProcess(one), stateOf(one))))
    })
  },
)

const nameOf = ({ file, text }: MessageText) => `${file}: ${text}`

/** Each four words in a row. */
const runsOf = (name: string): ReadonlyArray<string> =>
  name
    .slice(name.indexOf(": ") + 2)
    .split("…")
    .flatMap((fixed) => {
      const words = fixed.trim().split(" ")
      return words.map((_, index) => words.slice(index, index + 4).join(" ")).filter((run) => run.length > 5)
    })

describe("the table of mistakes", () => {
  const texts = refusingModules()
    .filter((file) => !checkedByCompiler.has(file))
    .flatMap(messageTexts)
  const leftOut = [...Object.values(shownIn), ...Object.values(unreachable)].flat()

  it("has a row for each text that a refusal is made of", () => {
    const said = refusals.flat()
    const unseen = texts.filter((one) => !leftOut.includes(nameOf(one)) && !said.some((line) => one.pattern.test(line)))
    assert.strictEqual(unseen.map(nameOf).join("\n"), "")
  })

  it("ends each message of a mistake with a way out", () => {
    const isWithout = (line: string) => !/; |\. [A-Z]|such as/.test(line)
    // What holds for all mistakes of a refusal is in a line behind them.
    const without = refusals.filter((lines) => !lines.slice(1).some((line) => !isPlaced.test(line)))
    assert.strictEqual(without.flat().filter(isWithout).join("\n"), "")
  })

  it("leaves out only what is there, and what another test shows", () => {
    const all = new Map(texts.map((one) => [nameOf(one), one]))
    assert.strictEqual(leftOut.filter((one) => !all.has(one)).join("\n"), "")
    for (const [file, names] of Object.entries(shownIn)) {
      const test = readFileSync(join(root, file), "utf8")
      for (const name of names)
        assert.isTrue(
          runsOf(name).some((run) => test.includes(run)),
          `${file} does not show ${name}`,
        )
    }
  })
})
