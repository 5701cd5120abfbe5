import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { listedName } from "../../src/cli/listedName.ts"

/**
 * A folder with files of these names. Those of `alsoFound` lead to the first of
 * them and are not listed, as on a file system that finds a file by other
 * capitals and accents.
 */
const listedIn = (files: ReadonlyArray<string>, alsoFound: ReadonlyArray<string>, given: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = yield* fs.makeTempDirectoryScoped()
    for (const file of files) yield* fs.writeFileString(path.join(folder, file), file)
    for (const name of alsoFound) yield* fs.link(path.join(folder, files[0] ?? ""), path.join(folder, name))
    const findsMore: FileSystem.FileSystem = {
      ...fs,
      readDirectory: (one) =>
        Effect.map(fs.readDirectory(one), (names) => names.filter((name) => !alsoFound.includes(name))),
    }
    return yield* Effect.provideService(listedName(path.join(folder, given)), FileSystem.FileSystem, findsMore)
  }).pipe(Effect.provide(NodeServices.layer))

const composed = "caf\u00e9.yaml"
const decomposed = "cafe\u0301.yaml"

describe("the name of a file", () => {
  it.effect.each([
    ["as it is listed", ["Net.yaml"], [], "Net.yaml", "Net.yaml"],
    ["as it is listed, where a similar one is another file", ["Net.yaml", "net.yaml"], [], "net.yaml", "net.yaml"],
    ["as its folder lists it, if it was found by other capitals", ["Net.yaml"], ["NET.YAML"], "NET.YAML", "Net.yaml"],
    ["as its folder lists it, if it was found by other accents", [decomposed], [composed], composed, decomposed],
    [
      "as its folder lists it, where a similar one is another file",
      ["nEt.yaml", "NeT.yaml", "Net.yaml"],
      ["net.yaml"],
      "net.yaml",
      "nEt.yaml",
    ],
    ["as it was given, if what is listed is another file", ["Net.yaml"], [], "net.yaml", "net.yaml"],
    ["as it was given, if only a different one is listed", ["other.yaml"], ["net.yaml"], "net.yaml", "net.yaml"],
  ] as const)("is %s", ([, files, alsoFound, given, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* listedIn(files, alsoFound, given), expected)
    }),
  )

  it.effect("is as it was given, if its folder cannot be read", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* listedName("/nowhere/Net.yaml"), "Net.yaml")
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
