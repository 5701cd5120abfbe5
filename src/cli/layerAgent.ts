/** The agent with the plugins and the state file that the flags and the configuration name, or that the current folder supplies and the user trusts. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, Quarantines, SavedPlans, Store } from "../agent/index.ts"
import { readConfig, stateFileOf } from "./AgentConfig.ts"
import { layerCoordinator } from "./layerCoordinator.ts"
import { pluginFolders } from "./pluginFolders.ts"
import type { AgentFlags } from "./SharedFlags.ts"
import { layerOwnState } from "./trust/ownState.ts"
import { requireTrust } from "./trust/requireTrust.ts"

/** How a command opens its agent. */
export interface AgentOptions {
  /** A command that changes nothing opens the store with `Store.layerFileToRead`. */
  readonly openStore?: typeof Store.layerFile | undefined
  /** The namespaces whose plugins it will need whatever the state is, so that they start while everything else does. */
  readonly startWith?: ReadonlyArray<string> | undefined
}

export const layerAgent = (flags: AgentFlags, { openStore = Store.layerFile, startWith }: AgentOptions = {}) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      yield* requireTrust(flags, config, ["plugins", "state"])
      const store = openStore(stateFileOf(flags, config)).pipe(Layer.provide(layerOwnState(config)))
      const coordinator = layerCoordinator(yield* pluginFolders(flags, config), config, startWith).pipe(
        Layer.provide(Quarantines.layer),
      )
      const conversion = Layer.effect(Store.StateConversion, Store.StateConversion)
      return Layer.mergeAll(Agent.layer.pipe(Layer.provideMerge(coordinator)), SavedPlans.layer, conversion).pipe(
        Layer.provide(store),
      )
    }),
  )
