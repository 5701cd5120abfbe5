/** Gives a plugin to an agent in the same process, without a pipe between them. */
import * as Effect from "effect/Effect"
import { supportedFeatures } from "../protocol/Features.ts"
import type { InProcessPlugin } from "../protocol/InProcessPlugin.ts"
import { PluginOperator } from "../protocol/PluginOperator.ts"
import { makeLocalOperator } from "./LocalOperator.ts"
import type { OperatorSchedules } from "./OperatorSchedules.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"
import { typesFor } from "./typeDescriptions.ts"

/**
 * A plugin as the agent can link it in, with `PluginCoordinator.layerInProcess`.
 *
 * `schedules` say when its operators retry and poll, instead of the numbers of
 * the agent's settings and of the plugin's types. They hold for all types of the
 * plugin, and `PluginCoordinator.configure` does not change them.
 *
 * @example
 * ```ts
 * import * as Schedule from "effect/Schedule"
 * import { PluginCoordinator } from "formae/agent"
 * import { definePlugin, inProcess } from "formae/plugin"
 *
 * const plugin = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] })
 * const retry = Schedule.upTo(Schedule.spaced("1 second"), { times: 3 })
 * const layerCoordinator = PluginCoordinator.layerInProcess([inProcess(plugin, { retry })])
 * ```
 */
export const inProcess = <R>(
  plugin: ResourcePlugin<R>,
  schedules: Partial<OperatorSchedules> = {},
): InProcessPlugin => ({
  name: plugin.name,
  namespace: plugin.namespace,
  version: plugin.version,
  types: typesFor(plugin),
  features: supportedFeatures,
  launch: ({ config, settings }) =>
    Effect.map(makeLocalOperator(plugin, { ...schedules, config, settings }), (operator) => ({
      operator: PluginOperator.of(operator),
      configure: operator.configure,
    })),
})
