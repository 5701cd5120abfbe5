/** An agent as a process of its own, which runs one command and prints its result: `node agentProcess.ts PLUGINS STATE COMMAND`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { type Command, perform } from "../../survival/Command.ts"
import { makeProcessReaper } from "../../survival/ProcessReaper.ts"
import { layerAgentWithSteps } from "../../../src/testing/layerAgentWithSteps.ts"

const [plugins = "", stateFile = "", commandText = "{}"] = process.argv.slice(2)
let plugin: number | undefined
const { inAgent } = makeProcessReaper(process.env, () => plugin)

const followPlugin = Effect.gen(function* () {
  const { events } = yield* PluginCoordinator
  yield* Effect.forkScoped(
    Stream.runForEach(events, (event) =>
      Effect.sync(() => {
        if (event._tag === "Ready") plugin = event.pid
        if (event._tag === "Crashed") plugin = undefined
      }),
    ),
  )
})

const layer = Layer.mergeAll(layerAgentWithSteps(inAgent), Layer.effectDiscard(followPlugin)).pipe(
  Layer.provide(PluginCoordinator.layerProcesses([plugins])),
  Layer.provide(Store.layerFile(stateFile)),
  Layer.provide(NodeServices.layer),
)

Effect.flatMap(Agent, perform(JSON.parse(commandText) as Command)).pipe(
  Effect.flatMap((result) => Console.log(JSON.stringify(result))),
  Effect.provide(layer),
  Effect.provideService(Logger.LogToStderr, true),
  NodeRuntime.runMain,
)
