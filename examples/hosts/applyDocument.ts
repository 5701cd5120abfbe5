/** A program that hosts plugins: it applies a document and prints the result. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { Agent, PluginCoordinator, readForma, Store } from "formae/agent"

const [pluginFolder, document] = process.argv.slice(2)
if (pluginFolder === undefined || document === undefined) {
  process.stderr.write("usage: node applyDocument.ts PLUGIN_FOLDER DOCUMENT\n")
  process.exit(2)
}

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const { forma } = yield* readForma(readFileSync(document, "utf8"), "example")
  const result = yield* agent.apply(forma, { observe: (event) => Console.error(event._tag) })
  yield* Console.log(JSON.stringify(result))
  process.exitCode = result.status === "succeeded" ? 0 : 1
})

const layerAgent = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
