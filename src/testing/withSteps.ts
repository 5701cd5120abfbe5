/** A plugin with a step before and after each call of its handlers. */
import type { ResourceDefinition } from "../plugin/ResourceDefinition.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import * as Effect from "effect/Effect"
import type { Steps } from "./Reaper.ts"

export const steppingPlugin = <R>(
  plugin: ResourcePlugin<R>,
  { beforeAnswer, beforeProvider }: Steps,
): ResourcePlugin<R> => {
  const around =
    <Request extends { readonly operationId: string }, A, E, R>(
      name: string,
      handler: (request: Request) => Effect.Effect<A, E, R>,
    ) =>
    (request: Request): Effect.Effect<A, E, R> => {
      const label = "label" in request ? String(request.label) : "-"
      return beforeProvider(`${name} ${label}, before the provider`).pipe(
        Effect.andThen(Effect.exit(handler(request))),
        Effect.tap(() => beforeAnswer(`${name} ${label}, before the answer`)),
        Effect.flatten,
      )
    }
  const stepping = (definition: ResourceDefinition<R>): ResourceDefinition<R> => ({
    ...definition,
    create: around("create", definition.create),
    read: around("read", definition.read),
    update: definition.update && around("update", definition.update),
    delete: around("delete", definition.delete),
    status: definition.status && around("status", definition.status),
    recover: definition.recover && around("recover", definition.recover),
  })
  return { ...plugin, types: new Map([...plugin.types].map(([type, definition]) => [type, stepping(definition)])) }
}
