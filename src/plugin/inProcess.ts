/** Hands a plugin to an agent in the same process, without a pipe between them. */
import * as Effect from "effect/Effect"
import type { InProcessPlugin } from "../protocol/InProcessPlugin.ts"
import { PluginOperator } from "../protocol/PluginOperator.ts"
import type { OperatorSettings } from "../protocol/Settings.ts"
import { makeLocalOperator } from "./LocalOperator.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

export const inProcess = <R>(plugin: ResourcePlugin<R>, settings?: OperatorSettings): InProcessPlugin => ({
  name: plugin.name,
  namespace: plugin.namespace,
  version: plugin.version,
  types: [...plugin.types.values()].map((definition) => definition.capabilities),
  operator: Effect.gen(function* () {
    const local = yield* makeLocalOperator(plugin)
    if (settings !== undefined) yield* local.configure(settings)
    return PluginOperator.of(local)
  }),
})
