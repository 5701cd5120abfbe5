/**
 * Which commands were asked to stop. Such a command runs what is under way to
 * the next safe point, and begins nothing else.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"

/**
 * Completes when the command that runs here is asked to stop. A wait that can be
 * given up at any time, such as that for a read, ends then.
 */
export const StopSignal = Context.Reference<Effect.Effect<void>>("formae/agent/operations/StopSignal", {
  defaultValue: () => Effect.never,
})

/**
 * Asks commands to stop, and says which were asked.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { StopRequests } from "formae/agent"
 *
 * // Reaches only the commands of the agent on the same `StopRequests`.
 * const stop = (commandId: string) => Effect.flatMap(StopRequests, (stops) => stops.request(commandId))
 * ```
 */
export class StopRequests extends Context.Service<
  StopRequests,
  {
    /** Lets a command be asked to stop while the scope is open. */
    readonly register: (commandId: string) => Effect.Effect<void, never, Scope.Scope>
    /** Asks a command to stop. False where no such command is registered. */
    readonly request: (commandId: string) => Effect.Effect<boolean>
    /** Whether such a command is running here. */
    readonly isRegistered: (commandId: string) => Effect.Effect<boolean>
    /** Whether a command was asked to stop. False where it is not registered. */
    readonly isRequested: (commandId: string) => Effect.Effect<boolean>
    /** Completes once the command is asked to stop. Never completes where it is not registered. */
    readonly awaitRequest: (commandId: string) => Effect.Effect<void>
    /** From now on a command that stops is not canceled, but left to the next agent: the journal says that it was cut off. */
    readonly leave: Effect.Effect<void>
    /** Whether commands that stop are left to the next agent. */
    readonly isLeaving: Effect.Effect<boolean>
  }
>()("formae/agent/operations/StopRequests") {
  /** In memory: they concern the commands of this agent alone. */
  static readonly layer: Layer.Layer<StopRequests> = Layer.sync(StopRequests, () => {
    const requests = new Map<string, Deferred.Deferred<void>>()
    let isLeaving = false
    return StopRequests.of({
      register: (commandId) =>
        Effect.asVoid(
          Effect.acquireRelease(
            Effect.sync(() => void requests.set(commandId, Deferred.makeUnsafe())),
            () => Effect.sync(() => void requests.delete(commandId)),
          ),
        ),
      request: (commandId) =>
        Effect.suspend(() => {
          const request = requests.get(commandId)
          return request === undefined ? Effect.succeed(false) : Effect.as(Deferred.succeed(request, undefined), true)
        }),
      isRegistered: (commandId) => Effect.sync(() => requests.has(commandId)),
      isRequested: (commandId) =>
        Effect.suspend(() => {
          const request = requests.get(commandId)
          return request === undefined ? Effect.succeed(false) : Deferred.isDone(request)
        }),
      awaitRequest: (commandId) =>
        Effect.suspend(() => {
          const request = requests.get(commandId)
          return request === undefined ? Effect.never : Deferred.await(request)
        }),
      leave: Effect.sync(() => {
        isLeaving = true
      }),
      isLeaving: Effect.sync(() => isLeaving),
    })
  })
}
