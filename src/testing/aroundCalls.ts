/** Wraps the calls of a plugin's handlers. */
import * as Effect from "effect/Effect"
import type { ProviderError } from "../plugin/Answer.ts"
import type { ResourceDefinition } from "../plugin/ResourceDefinition.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import type { OperationId, ResourceType } from "../protocol/Identity.ts"
import type { OperationKind } from "../protocol/Operation.ts"

/** One call of a handler. An operation that is retried or polled makes several. */
export interface HandlerCall {
  /** Which handler is called. */
  readonly kind: OperationKind
  /** The resource type. */
  readonly type: ResourceType
  /** The operation that makes the call. */
  readonly operationId: OperationId
  /** The label of the resource. Undefined in a List, which has no single resource. */
  readonly label: string | undefined
}

/**
 * Runs instead of each call. `handle` is the call itself, which may be run
 * later, not at all, or followed by something else. Until then, no part of the
 * handler has run.
 */
export type AroundCall<R = never> = <A, R2>(
  call: HandlerCall,
  handle: Effect.Effect<A, ProviderError, R2>,
) => Effect.Effect<A, ProviderError, R | R2>

interface Request {
  readonly operationId: OperationId
  readonly label?: string
}

/** The types of `plugin` with `around` around each call of their handlers. */
export const typesAround = <R, R2>(
  plugin: ResourcePlugin<R>,
  around: AroundCall<R2>,
): ReadonlyMap<ResourceType, ResourceDefinition<R | R2>> =>
  new Map([...plugin.types].map(([type, definition]) => [type, definitionAround(definition, around)]))

/**
 * The same plugin, with `around` instead of each call of its handlers: for a
 * test that wants to see the calls or to hold them up. For faults there is
 * `withFaults`.
 *
 * @example
 * ```ts
 * import { definePlugin } from "formae/plugin"
 * import { aroundCalls } from "formae/testing"
 *
 * const plugin = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] })
 * const calls: Array<string> = []
 * const watched = aroundCalls(plugin, ({ kind, label }, handle) => {
 *   calls.push(`${kind} ${label}`)
 *   return handle
 * })
 * ```
 */
export const aroundCalls = <R>(plugin: ResourcePlugin<R>, around: AroundCall): ResourcePlugin<R> => ({
  ...plugin,
  types: typesAround(plugin, around),
})

const definitionAround = <R, R2>(
  definition: ResourceDefinition<R>,
  around: AroundCall<R2>,
): ResourceDefinition<R | R2> => {
  const { type } = definition.capabilities
  const wrap =
    <Req extends Request, A>(kind: OperationKind, handler: (request: Req) => Effect.Effect<A, ProviderError, R>) =>
    (request: Req): Effect.Effect<A, ProviderError, R | R2> => {
      const { label, operationId } = request
      return around(
        { kind, type, operationId, label },
        Effect.suspend(() => handler(request)),
      )
    }
  return {
    ...definition,
    create: wrap("Create", definition.create),
    read: wrap("Read", definition.read),
    update: definition.update && wrap("Update", definition.update),
    delete: wrap("Delete", definition.delete),
    status: definition.status && wrap("Status", definition.status),
    list: definition.list && wrap("List", definition.list),
    recover: definition.recover && wrap("Recover", definition.recover),
  }
}
