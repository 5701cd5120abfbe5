/** Agents in memory, one after another, on one state file and one cloud. Each may be killed at a step. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { fakePlugin, layerFakePlugins, makeReaper, type Reaper } from "../../src/testing/index.ts"

/** Uses an agent. The options are for its commands. */
export type Use<A, E> = (agent: Agent["Service"], options?: CommandOptions) => Effect.Effect<A, E>

/** A provider that fails twice is given up, so that operations are left open and have to be checked later. */
export const quickToGiveUp = {
  ...defaultOperatorSettings,
  retry: { maxRetries: 1, baseMillis: 10, capMillis: 20 },
}

/** A store and a plugin that is a process in memory. Frames, handshake and supervision are real. */
export const layerParts = (stateFile: string, reaper: Reaper) =>
  PluginCoordinator.layerNoDeps({ operator: quickToGiveUp }).pipe(
    Layer.provide(layerFakePlugins([fakePlugin(fakeAws, () => reaper.serves(fakeAws))])),
    Layer.provideMerge(Store.layerFile(stateFile)),
    Layer.provide(NodeServices.layer),
  )

/** An agent on them. */
const layerAgent = (stateFile: string, reaper: Reaper) =>
  Layer.provide(reaper.layerAgent, layerParts(stateFile, reaper))

/** Runs `use` with an agent of its own. Undefined if the agent was killed. */
export const onAgent = <A, E>(stateFile: string, use: Use<A, E>, reaper: Reaper = makeReaper()) =>
  Effect.map(
    reaper.run(
      Effect.flatMap(Agent, (agent) => use(agent)).pipe(
        Effect.provide(Layer.fresh(layerAgent(stateFile, reaper)), { local: true }),
      ),
    ),
    Option.getOrUndefined,
  )
