/** Plugins that are started before anybody asks for them, because it is known that somebody will. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { OperationId } from "../../protocol/Identity.ts"
import type { Launch } from "../launch/Launch.ts"
import type { PluginUnavailable } from "./PluginUnavailable.ts"
import type { Supervisor } from "./Supervisor.ts"

/** The launch of a plugin that serves now, as `Supervisor.ready` gives it. */
export type ReadyLaunch = (
  supervisor: Supervisor,
  operationId?: OperationId,
) => Effect.Effect<Launch, PluginUnavailable>

/**
 * Starts these plugins. The first who wants one of them waits for that start, and
 * hears how it failed: with a start of its own a plugin that cannot start would be
 * started twice.
 */
export const startEarly = Effect.fnUntraced(function* (
  wanted: Iterable<Supervisor>,
): Effect.fn.Return<ReadyLaunch, never, Scope.Scope> {
  const starting = new Map<Supervisor, Fiber.Fiber<Launch, PluginUnavailable>>()
  for (const supervisor of wanted) {
    starting.set(supervisor, yield* Effect.forkScoped(supervisor.ready(), { startImmediately: true }))
  }
  // The processes are started now, and not when the caller has nothing else to do.
  if (starting.size > 0) yield* Effect.yieldNow
  return (supervisor, operationId) =>
    Effect.suspend(() => {
      const first = starting.get(supervisor)
      if (first === undefined) return supervisor.ready(operationId)
      starting.delete(supervisor)
      return Effect.andThen(Fiber.join(first), supervisor.ready(operationId))
    })
})
