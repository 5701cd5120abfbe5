/**
 * An agent for a test to kill: reads a resource of an exhibit of the museum,
 * prints the plugin's pid and the properties of the resource, and waits forever.
 * Its log is on stderr.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { read } from "../museum/visit.ts"

const [exhibit = "", nativeId = ""] = process.argv.slice(2)
const folder = fileURLToPath(new URL(`../../fixtures/plugins/museum/${exhibit}`, import.meta.url))

const main = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const operation = read(exhibit, nativeId)
  const operator = yield* coordinator.operator({
    namespace: operation.resourceType.split("::")[0]!,
    resourceUri: "museum/it",
    operation: operation._tag,
    operationId: operation.operationId,
  })
  const ended = yield* operator.perform(operation, () => Effect.void)
  const properties = ended.status === "Succeeded" ? ended.properties : {}
  for (const { state } of yield* coordinator.status) {
    if (state._tag === "Ready") {
      yield* Console.log(JSON.stringify({ plugin: state.launch.identity.pid, ...properties }))
    }
  }
  return yield* Effect.never
})

main.pipe(
  Effect.provide(
    PluginCoordinator.layerProcesses([folder]).pipe(
      Layer.provide([NodeServices.layer, Layer.succeed(Logger.LogToStderr, true)]),
    ),
  ),
  NodeRuntime.runMain,
)
