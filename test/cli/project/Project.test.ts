import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { readProject } from "../../../src/cli/project/Project.ts"

describe("a plugin among the dependencies of a project", () => {
  it.effect.each([
    ["./formae-plugin.json", "formae-plugin.json"],
    ["dist/formae-plugin.json", "dist/formae-plugin.json"],
    // They are other files on another system, and so the package counts as one without a manifest where it says.
    ["a:b/formae-plugin.json", "formae-plugin.json"],
    [String.raw`a\b/formae-plugin.json`, "formae-plugin.json"],
    ["../formae-plugin.json", "formae-plugin.json"],
  ] as const)("that names its manifest %s has it at %s", ([named, expected]) =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const folder = yield* Effect.flatMap(fs.makeTempDirectoryScoped({ prefix: "formae-test-" }), fs.realPath)
      const installed = path.join(folder, "node_modules", "cloud")
      yield* fs.makeDirectory(installed, { recursive: true })
      yield* fs.writeFileString(path.join(folder, "package.json"), JSON.stringify({ dependencies: { cloud: "1.0.0" } }))
      yield* fs.writeFileString(path.join(installed, "package.json"), JSON.stringify({ formae: { plugin: named } }))
      const { plugins } = yield* readProject(folder)
      assert.deepEqual(
        plugins.map(({ manifest }) => path.relative(installed, manifest)),
        [expected],
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
