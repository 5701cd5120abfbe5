/**
 * Which commands were asked to stop. Such a command runs what is under way to
 * the next safe point, and begins nothing else.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
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
 * Completes when the commands of these fibers are handed over to another agent, and only these: each stops at its next
 * safe point and is left, as if its agent ended. Undefined where they stay for as long as the agent does.
 */
export const HandOver = Context.Reference<Deferred.Deferred<void> | undefined>("formae/agent/operations/HandOver", {
  defaultValue: () => undefined,
})

/**
 * Asks commands to stop, and says which were asked.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
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
    readonly register: (commandId: string, options?: RegisterOptions) => Effect.Effect<void, never, Scope.Scope>
    /**
     * Asks a command to stop, and with it those that it runs: it counts as canceled.
     * Ends once that is recorded. False where no such command is
     * registered.
     */
    readonly request: (commandId: string) => Effect.Effect<boolean>
    /** Whether such a command is running here. */
    readonly isRegistered: (commandId: string) => Effect.Effect<boolean>
    /** Whether a command stops, because it was asked to or is left. False where it is not registered. */
    readonly isRequested: (commandId: string) => Effect.Effect<boolean>
    /** Whether a command was asked to stop, also after it has ended. False where it is only left. */
    readonly isCanceled: (commandId: string) => Effect.Effect<boolean>
    /** Completes once the command is asked to stop, or is left. Never completes where it is not registered. */
    readonly awaitRequest: (commandId: string) => Effect.Effect<void>
    /**
     * From now on all commands stop, also those that come. What stops is not
     * canceled, but left to the next agent: the journal says that it was cut off.
     * A command that has done nothing yet is interrupted.
     */
    readonly leave: Effect.Effect<void>
    /** Whether commands that stop are left to the next agent: all of them, or those of this fiber by `HandOver`. */
    readonly isLeaving: Effect.Effect<boolean>
    /** Completes once commands that stop are left to the next agent. */
    readonly awaitLeaving: Effect.Effect<void>
  }
>()("formae/agent/operations/StopRequests") {
  /** In memory: they concern the commands of this agent alone. */
  static readonly layer: Layer.Layer<StopRequests> = Layer.sync(StopRequests, () => {
    const commands = new Map<string, Registered>()
    // A command may be asked what it was until the agent ends, and few are canceled.
    const canceled = new Set<string>()
    const left = Deferred.makeUnsafe<void>()
    const isLeaving = Effect.map(
      HandOver,
      (over) => Deferred.isDoneUnsafe(left) || (over !== undefined && Deferred.isDoneUnsafe(over)),
    )
    const awaitLeaving = Effect.flatMap(HandOver, (over) =>
      over === undefined ? Deferred.await(left) : Effect.raceFirst(Deferred.await(left), Deferred.await(over)),
    )

    const request = (commandId: string): Effect.Effect<boolean> =>
      Effect.suspend(() => {
        const command = commands.get(commandId)
        if (command === undefined) return Effect.succeed(false)
        canceled.add(commandId)
        Deferred.doneUnsafe(command.stopped, Exit.void)
        const parts = [...commands].filter(([, { of }]) => of === commandId)
        return Effect.forEach(parts, ([id]) => request(id), { discard: true }).pipe(
          Effect.andThen(command.onCancel),
          Effect.as(true),
        )
      })

    return StopRequests.of({
      register: (commandId, { of, onCancel = Effect.void } = {}) =>
        Effect.asVoid(
          Effect.acquireRelease(
            Effect.sync(() => {
              canceled.delete(commandId)
              commands.set(commandId, { of, onCancel, stopped: Deferred.makeUnsafe() })
            }),
            () => Effect.sync(() => void commands.delete(commandId)),
          ).pipe(
            Effect.andThen(
              Effect.suspend(() => (of !== undefined && canceled.has(of) ? request(commandId) : Effect.void)),
            ),
          ),
        ),
      request,
      isRegistered: (commandId) => Effect.sync(() => commands.has(commandId)),
      isRequested: (commandId) =>
        Effect.map(isLeaving, (leaving) => commands.has(commandId) && (leaving || canceled.has(commandId))),
      isCanceled: (commandId) => Effect.sync(() => canceled.has(commandId)),
      awaitRequest: (commandId) =>
        Effect.suspend(() => {
          const command = commands.get(commandId)
          if (command === undefined) return Effect.never
          return Effect.raceFirst(Deferred.await(command.stopped), awaitLeaving)
        }),
      leave: Effect.sync(() => void Deferred.doneUnsafe(left, Exit.void)),
      isLeaving,
      awaitLeaving,
    })
  })
}

/** A command that may be asked to stop. */
export interface RegisterOptions {
  /** The command that runs this one as a part of itself: who stops that one, stops this one. */
  readonly of?: string | undefined
  /** Records that the command was canceled. */
  readonly onCancel?: Effect.Effect<void> | undefined
}

interface Registered extends RegisterOptions {
  readonly onCancel: Effect.Effect<void>
  readonly stopped: Deferred.Deferred<void>
}
