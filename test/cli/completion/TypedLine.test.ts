import { assert, describe, it } from "@effect/vitest"
import * as Completions from "effect/cli/Completions"
import { makeFormae } from "../../../src/cli/commandTree.ts"
import type { Completable } from "../../../src/cli/completion/Completable.ts"
import { shellScript, zshEnd } from "../../../src/cli/completion/shellScript.ts"
import { completableIn, readLine } from "../../../src/cli/completion/TypedLine.ts"

const root = Completions.fromCommand(makeFormae("1.0.0"))

/** The cursor is at the end. */
const lineOf = (text: string) => {
  const words = text.split(" ")
  return readLine(root, words, words.length - 1)
}

describe("the word at the cursor", () => {
  it.each<[text: string, kind: Completable | undefined]>([
    ["formae ", undefined],
    ["formae show ", "labels"],
    ["formae show --state x.db --json n", "labels"],
    ["formae show net ", undefined],
    ["formae show --js", undefined],
    ["formae show --forma s", "documents"],
    ["formae mv ", "labels"],
    ["formae mv net ", undefined],
    ["formae adopt ", "openLabels"],
    ["formae forget ", "openLabels"],
    ["formae output ", "outputs"],
    ["formae types ", "types"],
    ["formae resume ", "documents"],
    ["formae plan ", undefined],
    ["formae plan shop.yaml --env ", "environments"],
    ["formae plan shop.yaml --env=p", "environments"],
    ["formae destroy --name ", "documents"],
    ["formae apply shop.yaml --only ", "documentLabels"],
    ["formae plan shop.yaml --only net --only n", "documentLabels"],
    ["formae plugin add ", undefined],
    ["formae unknown ", undefined],
  ])("%j is one of %j", (text, kind) => {
    assert.strictEqual(completableIn(lineOf(text)), kind)
  })

  it("is known with what was typed before it, without the quotes of the shell", () => {
    assert.deepEqual(lineOf("formae plan --state=a.db --trust . --trust \"b\" 'shop.yaml' --json --env='pr"), {
      command: "plan",
      arguments: ["shop.yaml"],
      flags: new Map([
        ["--state", ["a.db"]],
        ["--trust", [".", "b"]],
      ]),
      openFlag: "--env",
      word: "pr",
      before: "--env=",
    })
  })
})

it("the script for zsh asks for names before it is called for the first time", () => {
  const [, defined, called] = shellScript("zsh", root).split(/(^functions\[_formae--words\][^]*?)(?=^# Handle)/m)
  assert.include(defined, "__complete")
  assert.isTrue(called?.startsWith(zshEnd))
})
