/** Brings a plugin that may run to what holds now for it. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { SupervisionOptions } from "../supervision/Supervisors.ts"

/** For one coordinator. Replaced launches end with the scope. */
export const makeUseOptions = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const scope = yield* Effect.scope
  /** The plugins that do not run with what holds: a launch with it did not start, or has not yet. */
  const behind = new Set<string>()

  const replace = (plugin: string, launch: ReturnType<typeof launchOf>) =>
    Effect.suspend(() => {
      behind.add(plugin)
      return Effect.map(coordinator.recycle(plugin, launch), ({ _tag }) =>
        _tag === "Kept" ? behind.add(plugin) : behind.delete(plugin),
      )
    })

  return (plugin: string, before: SupervisionOptions, after: SupervisionOptions) =>
    Effect.gen(function* () {
      const operator = after.operatorOf?.(plugin)
      if (operator !== undefined && !Equal.equals(before.operatorOf?.(plugin), operator)) {
        yield* coordinator.configure(operator, plugin)
      }
      const launch = launchOf(after, plugin)
      // It may wait for calls that are under way, and says itself what came of it. What did not start may start now.
      if (behind.has(plugin) || !Equal.equals(launchOf(before, plugin), launch)) {
        yield* Effect.forkIn(replace(plugin, launch), scope, { startImmediately: true })
      }
      const [was, is] = [before.disabled?.(plugin), after.disabled?.(plugin)]
      if (was === undefined && is !== undefined) {
        yield* Effect.forkIn(coordinator.disable(plugin, is), scope, { startImmediately: true })
      }
      if (was !== undefined && is === undefined) yield* coordinator.enable(plugin)
    })
})

/** What a launch of the plugin is made with. */
const launchOf = (options: SupervisionOptions, plugin: string) => ({
  ...(options.supervision === undefined ? {} : { supervision: options.supervision(plugin) }),
  settings: options.settings?.(plugin),
  environment: options.environment?.(plugin),
})
