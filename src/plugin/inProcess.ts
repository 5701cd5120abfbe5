/** Gives a plugin to an agent in the same process, without a pipe between them. */
import * as Effect from "effect/Effect"
import type { PluginConfig } from "../protocol/Handshake.ts"
import type { InProcessPlugin } from "../protocol/InProcessPlugin.ts"
import { PluginOperator } from "../protocol/PluginOperator.ts"
import type { OperatorSettings } from "../protocol/Settings.ts"
import { makeLocalOperator } from "./LocalOperator.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/**
 * A plugin as the agent can link it in. `config` holds the plugin's own settings.
 * If the plugin refuses them or cannot start, that is a mistake in the program
 * that links it and a defect.
 */
export const inProcess = <R>(
  plugin: ResourcePlugin<R>,
  settings?: OperatorSettings,
  config?: PluginConfig,
): InProcessPlugin => ({
  name: plugin.name,
  namespace: plugin.namespace,
  version: plugin.version,
  types: [...plugin.types.values()].map((definition) => definition.capabilities),
  operator: Effect.orDie(Effect.map(makeLocalOperator(plugin, settings, config), PluginOperator.of)),
})
