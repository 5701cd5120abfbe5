/** P9: two major versions of one package, in two plugins of one agent. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { cp, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { callsOn, operatorOf } from "../clouds.ts"
import { makeFolder, npm, quietly, removeFolder, root } from "../npm.ts"
import { hasRegistry, needsRegistry } from "../registry.ts"

const folder = hasRegistry ? await makeFolder() : ""
afterAll(() => removeFolder(folder))

/** Installs a copy of the same plugin under this name, with this version of the package. */
const install = async (name: string, namespace: string, version: string) => {
  const fixtures = join(root, "test", "fixtures", "plugins")
  const plugin = join(folder, name)
  const manifest = { name, namespace, version: "1.0.0", protocol: { min: 1, max: 1 }, minAgentVersion: "0.1.0" }
  await mkdir(plugin)
  await cp(join(fixtures, "versions"), plugin, { recursive: true })
  await cp(join(fixtures, "museum", "speak.mjs"), join(plugin, "speak.mjs"))
  await writeFile(
    join(plugin, "formae-plugin.json"),
    JSON.stringify({ ...manifest, entry: "main.mjs", environment: [] }),
  )
  await writeFile(join(plugin, "package.json"), JSON.stringify({ private: true, dependencies: { "js-yaml": version } }))
  await npm(plugin, "install", ...quietly)
}

describe("P9: two majors of one package", needsRegistry, () => {
  it.live(
    "each plugin has its own",
    () =>
      Effect.gen(function* () {
        yield* Effect.promise(() => install("older", "Older", "3.14.1"))
        yield* Effect.promise(() => install("newer", "Newer", "4.1.0"))
        const layer = PluginCoordinator.layerProcesses([folder]).pipe(Layer.provide(NodeServices.layer))
        const read = Effect.fnUntraced(function* (namespace: string) {
          return yield* callsOn(yield* operatorOf(namespace), `${namespace}::It::Version`, {}).read("it")
        })
        const [older, newer] = yield* Effect.all([read("Older"), read("Newer")], { concurrency: 2 }).pipe(
          Effect.provide(layer),
        )
        assert.deepInclude(older, { status: "Succeeded", properties: { Version: "3.14.1", Number: 12 } })
        assert.deepInclude(newer, { status: "Succeeded", properties: { Version: "4.1.0", Number: 14 } })
      }),
    180_000,
  )
})
