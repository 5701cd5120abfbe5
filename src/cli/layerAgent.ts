/** The agent with the plugins and the state file that the flags and the configuration name, or that the current folder supplies and the user trusts. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { Agent, PluginCoordinator, type PluginStatus, Quarantines, SavedPlans, Store } from "../agent/index.ts"
import { type AgentConfig, readConfig, stateAbove, stateFileOf } from "./AgentConfig.ts"
import { AgentPlugins, type PluginRestart } from "./AgentPlugins.ts"
import { badInput, type CommandFailure } from "./CommandFailure.ts"
import { layerCoordinator } from "./layerCoordinator.ts"
import { printProgress } from "./Outputs.ts"
import { openState } from "./openState.ts"
import { pluginFolders } from "./pluginFolders.ts"
import type { AgentFlags } from "./SharedFlags.ts"
import { findAgent } from "./staying/findAgent.ts"
import { type NamedAgent, namedAgent } from "./staying/namedAgent.ts"
import {
  agentFlagsIn,
  describeAgentElsewhere,
  describeOtherAgent,
  describeOtherEnvironment,
} from "./staying/otherAgent.ts"
import { makeDiscoverySettings } from "./config/discoverySettings.ts"
import { layerDriftPolicy } from "./config/driftPolicy.ts"
import { layerOwnState } from "./trust/ownState.ts"
import type { Trust } from "./trust/Trust.ts"
import { requireTrust } from "./trust/requireTrust.ts"

/** How a command opens its agent. */
export interface AgentOptions {
  /** A command that changes nothing opens the store with `openStateToRead`. */
  readonly openStore?: typeof openState | undefined
  /** The namespaces whose plugins it will need whatever the state is, so that they start while everything else does. Undefined where it needs none. */
  readonly startWith?: ReadonlyArray<string> | undefined
}

const restartsOf = (plugins: ReadonlyArray<PluginStatus>): ReadonlyArray<PluginRestart> =>
  plugins.flatMap(({ entry, state }) =>
    state._tag === "Restarting" ? [{ namespace: entry.manifest.namespace, at: state.nextAt }] : [],
  )

/** In this process or over the API. */
type CommandAgent = Layer.Layer<
  Agent | AgentPlugins | SavedPlans,
  CommandFailure | Store.StoreUnavailable,
  ChildProcessSpawner | FileSystem.FileSystem | Path.Path | Trust
>

export const layerAgent = (flags: AgentFlags, { openStore = openState, startWith }: AgentOptions = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      const named = yield* namedAgent
      if (named !== undefined) {
        yield* requireTrust(flags, config, [])
        return (yield* remoteAt(named, flags, config)) satisfies CommandAgent as CommandAgent
      }
      yield* requireTrust(flags, config, ["plugins", "state"])
      const stateFile = stateFileOf(flags, config)
      const above = stateAbove(flags, config)
      if (above !== undefined) yield* printProgress(`Uses the state of a folder above this one: ${above}`)
      const isReadOnly = openStore !== openState
      const remote = yield* remoteOn(stateFile, flags, config, {
        isReadOnly,
        usesPlugins: !isReadOnly || startWith !== undefined,
      })
      if (remote !== undefined) return remote satisfies CommandAgent as CommandAgent
      const store = openStore(stateFile).pipe(Layer.provide(layerOwnState(config)))
      const coordinator = layerCoordinator(yield* pluginFolders(flags, config), config, startWith).pipe(
        Layer.provide(Quarantines.layer),
      )
      const conversion = Layer.effect(Store.StateConversion, Store.StateConversion)
      const plugins = Layer.effect(
        AgentPlugins,
        Effect.map(PluginCoordinator, ({ status }) => ({
          isElsewhere: false,
          restarts: Effect.map(status, restartsOf),
        })),
      )
      const local: CommandAgent = Layer.mergeAll(
        Layer.provide(Layer.merge(Agent.layer, plugins), coordinator),
        SavedPlans.layer,
        conversion,
      ).pipe(Layer.provide([store, layerDriftPolicy(config), makeDiscoverySettings(config).layer]))
      return local
    }),
  )

type Configured = Pick<AgentConfig, "agent">

/** An agent at an address has a state, plugins and a configuration of its own. */
const remoteAt = Effect.fnUntraced(function* (named: NamedAgent, flags: AgentFlags, { agent }: Configured) {
  const others = [...(Option.isSome(flags.state) ? ["--state"] : []), ...agentFlagsIn(flags)]
  if (others.length > 0) return yield* badInput("AgentElsewhere", describeAgentElsewhere(others, named.url))
  const { layerRemoteAgent } = yield* Effect.promise(() => import("./staying/remoteAgent.ts"))
  return layerRemoteAgent(named, named.url, agent?.waitMillis)
})

/**
 * The agent that runs on the state already. Undefined where none does. Where the flags, the environment or the
 * folder mean another one, a command that changes nothing reads a copy of the state, and any other is refused.
 */
const remoteOn = Effect.fnUntraced(function* (
  stateFile: string,
  flags: AgentFlags,
  { agent }: Configured,
  { isReadOnly, usesPlugins }: { readonly isReadOnly: boolean; readonly usesPlugins: boolean },
) {
  const socket = yield* findAgent(stateFile)
  if (socket === undefined) return undefined
  const others = agentFlagsIn(flags)
  if (others.length > 0) {
    return isReadOnly ? undefined : yield* badInput("AgentRuns", describeOtherAgent(others, stateFile))
  }
  const { compareEnvironment, layerRemoteAgent } = yield* Effect.promise(() => import("./staying/remoteAgent.ts"))
  const objection = usesPlugins ? describeOtherEnvironment(yield* compareEnvironment(socket), stateFile) : undefined
  if (objection !== undefined) return isReadOnly ? undefined : yield* badInput("AgentRuns", objection)
  return layerRemoteAgent({ socket }, stateFile, agent?.waitMillis)
})
