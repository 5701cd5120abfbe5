/** From the tarballs and a registry on loopback, on the oldest Node that formae runs on, in a folder without a package.json. */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as fs from "node:fs/promises"
import { delimiter, dirname, join } from "node:path"
import { nodeAt } from "./npm.ts"
import { needsNodes, nodeOf } from "./packedNodes.ts"
import { liveWithClouds } from "./packedCloudsLife.ts"
import { makeRegistry } from "./pluginAdd/loopbackRegistry.ts"
import type { Tarball } from "./tarball.ts"

/** Its name in test/nodes. */
const oldest = "node-22-first"

/** `packed` is asked when the tests run. */
export const testPackedAdds = (packed: () => Tarball) =>
  describe("an empty folder, on Node 22.19.0", needsNodes, () => {
    let program: string
    let command: string
    let folder: string

    beforeAll(async () => {
      program = nodeOf(packed(), oldest)
      command = join(packed().project, "node_modules", ".bin", "formae")
      folder = join(packed().folder, "empty")
      await fs.mkdir(folder)
    })

    it.live(
      "plans, applies and destroys three clouds with plugins that were added, and refuses one that was changed",
      () =>
        Effect.gen(function* () {
          const registry = yield* makeRegistry
          for (const { name, tarball, version } of packed().plugins) registry.publish(name, version, tarball)
          const own = (name: string) => join(packed().folder, "own", name)
          const variables = {
            // npm runs on this Node too.
            PATH: `${dirname(program)}${delimiter}${process.env["PATH"]}`,
            HOME: own("home"),
            XDG_DATA_HOME: own("data"),
            XDG_STATE_HOME: own("records"),
            XDG_CACHE_HOME: own("cache"),
            npm_config_cache: own("npm"),
            npm_config_registry: registry.url,
          }
          const { live, refusal, run } = yield* liveWithClouds(folder, (environment, args) =>
            nodeAt(program, { ...environment, ...variables }, folder, command, ...args),
          )

          assert.include(yield* refusal("plan", "clouds.yaml"), "No plugin serves the namespace AWS")
          for (const name of ["aws", "azure"]) {
            const { stdout } = yield* run("plugin", "add", `@formae/plugin-${name}`)
            assert.include(stdout, `Added @formae/plugin-${name} 0.2.0: the plugin ${name} 0.2.0`)
          }
          yield* live
          const v8 = (yield* Effect.promise(() =>
            nodeAt(program, {}, folder, "-p", "process.versions.v8"),
          )).stdout.trim()
          // Where a program keeps what its V8 has compiled, it says which V8 that was.
          const compiled = yield* Effect.promise(() =>
            fs.readdir(own(join("cache", "formae", "compiled")), { recursive: true }),
          )
          for (const plugin of ["plugin-aws-dist", "plugin-azure-dist", "plugins-fake-aws"]) {
            const programs = compiled.filter((file) => file.includes(plugin) && file.includes("program-"))
            assert.isNotEmpty(programs, plugin)
            for (const file of programs) assert.include(file, `.cjs.${v8}-`)
          }

          const { stdout } = yield* run("plugins", "--json")
          const { entry } = JSON.parse(stdout).plugins.find(
            ({ namespace }: { readonly namespace: string }) => namespace === "AWS",
          )
          assert.isTrue(entry.startsWith(own("data")), entry)
          yield* Effect.promise(() => fs.appendFile(entry, "// changed\n"))
          const changed = yield* refusal("plan", "clouds.yaml")
          assert.include(changed, "The plugin in @formae/plugin-aws 0.2.0 is not what was added")
          assert.include(changed, "these files have changed: dist/main.mjs")
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      { timeout: 120_000 },
    )
  })
