/** The agent with the plugins and the state file that the flags and the configuration name, or that the current folder supplies and the user trusts. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, Quarantines, Store } from "../agent/index.ts"
import { readConfig, stateFileOf } from "./AgentConfig.ts"
import { layerCoordinator } from "./layerCoordinator.ts"
import { pluginFolders } from "./pluginFolders.ts"
import type { AgentFlags } from "./SharedFlags.ts"
import { layerOwnState } from "./trust/ownState.ts"
import { requireTrust } from "./trust/requireTrust.ts"

/** A command that changes nothing opens the store with `Store.layerFileToRead`. */
export const layerAgent = (flags: AgentFlags, openStore: typeof Store.layerFile = Store.layerFile) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      yield* requireTrust(flags, config, ["plugins", "state"])
      const store = openStore(stateFileOf(flags, config)).pipe(Layer.provide(layerOwnState))
      const coordinator = layerCoordinator(yield* pluginFolders(flags, config), config).pipe(
        Layer.provide(Quarantines.layer),
      )
      const conversion = Layer.effect(Store.StateConversion, Store.StateConversion)
      return Layer.merge(Agent.layer.pipe(Layer.provide(coordinator)), conversion).pipe(Layer.provide(store))
    }),
  )
