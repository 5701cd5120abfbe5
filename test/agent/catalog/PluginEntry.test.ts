import { assert, describe, it } from "@effect/vitest"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { Catalog } from "../../../src/agent/catalog/Catalog.ts"
import { findEntry } from "../../../src/agent/catalog/PluginEntry.ts"

const manifest = JSON.stringify({
  name: "aws",
  namespace: "AWS",
  version: "1.0.0",
  protocol: { min: 1, max: 1 },
  minAgentVersion: "0.1.0",
  entry: "dist/main.js",
  environment: [],
})

/** A plugin in the folder `aws`, whose entry has yet to be made, beside the folder `elsewhere` with a program in it. */
const makePlugin = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* Effect.flatMap(fs.makeTempDirectoryScoped(), fs.realPath)
  const at = (name: string) => path.join(root, name)
  for (const folder of ["aws", "elsewhere"]) yield* fs.makeDirectory(at(folder))
  yield* fs.writeFileString(at("aws/formae-plugin.json"), manifest)
  yield* fs.writeFileString(at("elsewhere/main.js"), "")
  const catalogOf = (folder: string) =>
    Effect.provide(
      Effect.map(Catalog, ({ entries, rejected }) => ({ entries, rejected })),
      Catalog.layerDirectories([at(folder)]),
      { local: true },
    )
  return { fs, at, catalogOf }
})

describe("the entry of a plugin", () => {
  it.effect.each(["dist", "dist/main.js"])("is refused, if %s is a link that leads out of the folder", (link) =>
    Effect.gen(function* () {
      const { at, catalogOf, fs } = yield* makePlugin
      if (link !== "dist") yield* fs.makeDirectory(at("aws/dist"))
      yield* fs.symlink(link === "dist" ? at("elsewhere") : at("elsewhere/main.js"), at(`aws/${link}`))
      const { entries, rejected } = yield* catalogOf("aws")
      assert.isEmpty(entries)
      assert.deepEqual(
        rejected.map(({ reason }) => reason),
        [`its entry dist/main.js leads out of its folder, to ${at("elsewhere/main.js")}`],
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("may be a link within the folder, and the folder may be a link itself", () =>
    Effect.gen(function* () {
      const { at, catalogOf, fs } = yield* makePlugin
      yield* fs.makeDirectory(at("aws/dist"))
      yield* fs.writeFileString(at("aws/build.js"), "")
      yield* fs.symlink("../build.js", at("aws/dist/main.js"))
      yield* fs.symlink(at("aws"), at("linked"))
      const { entries } = yield* catalogOf("linked")
      assert.deepEqual(
        entries.map(({ entryPath }) => entryPath),
        [at("aws/build.js")],
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect.each([
    [String.raw`dist\main.js`, "has a backslash. Write it with slashes, as dist/main.js"],
    [String.raw`..\elsewhere\main.js`, "has a backslash. Write it with slashes, as ../elsewhere/main.js"],
    ["C:/main.js", "has a colon, which on Windows names a drive. Name a file in the plugin's folder without one"],
    ["C:main.js", "has a colon, which on Windows names a drive. Name a file in the plugin's folder without one"],
    ["main.js:more", "has a colon, which on Windows names a drive. Name a file in the plugin's folder without one"],
  ] as const)("is refused on each system, if it is %s, even where there is such a file", ([entry, reason]) =>
    Effect.gen(function* () {
      const { at, fs } = yield* makePlugin
      if (!entry.includes("/")) yield* fs.writeFileString(at(`aws/${entry}`), "")
      for (const layer of [NodePath.layerPosix, NodePath.layerWin32]) {
        assert.strictEqual(
          yield* Effect.flip(findEntry(at("aws"), entry).pipe(Effect.provide(layer))),
          `its entry ${entry} ${reason}`,
        )
      }
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
