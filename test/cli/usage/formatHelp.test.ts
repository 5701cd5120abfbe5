import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { linesToWrite } from "../../../src/cli/Outputs.ts"
import { widthOf } from "../../../src/cli/textWidth.ts"
import { formatHelp } from "../../../src/cli/usage/formatHelp.ts"
import { eventsOf } from "./parsed.ts"

const helpOf = Effect.fnUntraced(function* (width: number, ...words: ReadonlyArray<string>) {
  const [event] = yield* eventsOf(...words)
  if (event?._tag !== "Help") return yield* Effect.die(`it is ${event?._tag}`)
  return linesToWrite(formatHelp(event, width))
})

describe("the help", () => {
  it.effect.each([60, 100, 160])("of %d columns is as it was, and fits", (width) =>
    Effect.gen(function* () {
      const lines = [...(yield* helpOf(width, "--help")), "", "", ...(yield* helpOf(width, "plugin", "add", "--help"))]
      yield* Effect.promise(() =>
        expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../../fixtures/screens/help-${width}.txt`),
      )
      for (const line of lines) assert.isAtMost(widthOf(line), Math.max(width, 74), line)
    }),
  )

  it.effect("says of no flag that it is required where it can be left out, or be repeated", () =>
    Effect.gen(function* () {
      for (const command of ["plan", "apply", "destroy", "mv", "show", "sync"]) {
        assert.notInclude((yield* helpOf(160, command, "--help")).join("\n"), "(required)", command)
      }
      assert.include((yield* helpOf(160, "apply", "--help")).join("\n"), "--only LABEL")
    }),
  )

  it.effect("says once what happens without an argument", () =>
    Effect.gen(function* () {
      const lines = [...(yield* helpOf(160, "drift", "--help")), ...(yield* helpOf(160, "import", "--help"))]
      const said = lines.filter((line) => /^ {2}<(document|label)>/.test(line))
      assert.deepEqual(said, [
        "  <document>  The name of a document, or its file (default: all documents in the state)",
        "  <label>      The label that the resource gets in the document (may be left out)",
      ])
    }),
  )

  it.effect("lists each command in a group, and the exit codes of all signals", () =>
    Effect.gen(function* () {
      const text = (yield* helpOf(100, "--help")).join("\n")
      for (const group of ["DOCUMENTS", "LOOKING", "PUTTING RIGHT", "PLUGINS, SETTINGS AND TRUST", "HELP"]) {
        assert.include(text, `\n\n${group}\n  `)
      }
      assert.match(
        text,
        /EXIT CODES\n {2}0 +done\n {2}1 .*\n {2}2 .*\n {2}3 .*\n {2}129 .*\n {2}130 .*\n {2}143 .*\n {2}149 /,
      )
    }),
  )

  it.effect.each<[typed: string, same: string]>([
    ["help plugin", "plugin --help"],
    ["help plugin add", "plugin add --help"],
    ["help apply shop.yaml", "apply --help"],
  ])("%s is %s", ([typed, same]) =>
    Effect.gen(function* () {
      assert.deepEqual(yield* helpOf(100, ...typed.split(" ")), yield* helpOf(100, ...same.split(" ")))
    }),
  )

  it.effect("without a command is that of the whole", () =>
    Effect.gen(function* () {
      assert.include((yield* helpOf(100, "help")).join("\n"), "\n\nEXIT CODES\n")
    }),
  )
})
