/** Gives a plugin to an agent in the same process, without a pipe between them. */
import * as Effect from "effect/Effect"
import type { InProcessPlugin } from "../protocol/InProcessPlugin.ts"
import { PluginOperator } from "../protocol/PluginOperator.ts"
import { type LocalOperatorOptions, makeLocalOperator } from "./LocalOperator.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/**
 * A plugin as the agent can link it in. The options hold its
 * settings, and schedules instead of numbers. If the plugin refuses its settings or cannot start, that is a mistake in the program
 * that links it and a defect.
 */
export const inProcess = <R>(plugin: ResourcePlugin<R>, options?: LocalOperatorOptions): InProcessPlugin => ({
  name: plugin.name,
  namespace: plugin.namespace,
  version: plugin.version,
  types: [...plugin.types.values()].map((definition) => definition.capabilities),
  operator: Effect.orDie(Effect.map(makeLocalOperator(plugin, options), PluginOperator.of)),
})
