/** Agents in memory, one after another, on one state file and one cloud: each may die of a step. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { CommandLock } from "../../src/agent/records/CommandLock.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { FakeSpawner, layerFakePlugins, serves } from "../../src/testing/index.ts"
import { layerOnRecords } from "../agent/layerOnRecords.ts"
import { makeReaper, type Reaper } from "../../src/testing/Reaper.ts"
import { steppingPlugin } from "../../src/testing/withSteps.ts"
import { steppingRecords } from "../../src/testing/layerAgentWithSteps.ts"

/** A command of the agent, or what else is done with it. */
export type Use<A, E> = (agent: Agent["Service"]) => Effect.Effect<A, E>

/** So that a provider that fails twice is given up: what is left open then has to be found out later. */
const quickToGiveUp = {
  ...defaultOperatorSettings,
  retry: { maxRetries: 1, baseMillis: 10, capMillis: 20 },
}

/** A whole agent with a plugin that is a process in memory: frames, handshake and supervision are the real ones. */
const layerAgent = (stateFile: string, reaper: Reaper) => {
  const { commands, inventory, operations } = steppingRecords(reaper)
  const plugin = { name: "fake-aws", namespace: "FakeAWS", programOf: () => serves(steppingPlugin(fakeAws, reaper)) }
  const followPlugin = Layer.effectDiscard(
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      yield* Effect.forkScoped(
        Effect.forever(
          Effect.map(Queue.take(spawns), (process) => {
            reaper.pluginIs(process.signal("SIGKILL"))
          }),
        ),
      )
    }),
  )
  return Layer.mergeAll(layerOnRecords, followPlugin).pipe(
    Layer.provide(PluginCoordinator.layerNoDeps({ operator: quickToGiveUp })),
    Layer.provide([layerFakePlugins([plugin]), operations, commands]),
    Layer.provide([inventory, CommandLock.layer]),
    Layer.provide(Store.layerFile(stateFile)),
    Layer.provide(NodeServices.layer),
  )
}

/** Runs `use` on an agent of its own. Undefined where the agent died of it. */
export const onAgent = <A, E>(stateFile: string, use: Use<A, E>, reaper: Reaper = makeReaper()) =>
  Effect.gen(function* () {
    const running = yield* Effect.forkChild(
      Effect.flatMap(Agent, use).pipe(Effect.provide(Layer.fresh(layerAgent(stateFile, reaper)), { local: true })),
    )
    yield* Effect.raceFirst(
      Effect.exit(Fiber.join(running)),
      reaper.agentDies.pipe(Effect.andThen(reaper.killPlugin), Effect.andThen(Fiber.interrupt(running))),
    )
    return reaper.isAgentDead() ? undefined : yield* Fiber.join(running)
  })
