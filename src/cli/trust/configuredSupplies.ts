/** A configuration file that was found, and what it names: its plugins and its state come from the folder as much as it does. */
import * as Effect from "effect/Effect"
import type { AgentConfiguration } from "../../agent/configuration/AgentConfiguration.ts"
import { configurationOf } from "../../agent/configuration/Setting.ts"
import { isPostgresUrl } from "../../agent/store/postgres/PostgresAddress.ts"
import type { FoundFile } from "../config/configurationFile.ts"
import { configurationSupply } from "./configurationSupply.ts"
import { pluginSuppliesIn } from "./pluginSupplies.ts"
import { stateSupplyAt } from "./stateSupply.ts"

/** What of it a command uses: not what flags or the environment name instead. */
export interface ConfiguredUse {
  readonly plugins: (folder: string) => boolean
  readonly state: (file: string) => boolean
}

export const usesAll: ConfiguredUse = { plugins: () => true, state: () => true }

/** What the file itself says, whatever goes before it. */
const valuesIn = (found: FoundFile): Effect.Effect<AgentConfiguration> =>
  Effect.orElseSucceed(configurationOf(found.settings), () => ({}))

export const configuredSupplies = Effect.fnUntraced(function* (found: FoundFile, use: ConfiguredUse) {
  const { onlyPlugins = [], plugins = [], state } = yield* valuesIn(found)
  const folders = [...plugins, ...onlyPlugins].filter(use.plugins)
  return [
    yield* configurationSupply(found),
    ...(yield* Effect.forEach(folders, (one) => pluginSuppliesIn(one))).flat(),
    ...(state !== undefined && !isPostgresUrl(state) && use.state(state) ? yield* stateSupplyAt(state) : []),
  ]
})
