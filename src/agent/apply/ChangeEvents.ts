/** Where commands publish their events, and where observers and subscribers get them. */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { ChangeEvent, ChangeObserver } from "./ChangeEvent.ts"

/**
 * Carries events from commands to those that watch them.
 *
 * @example
 * ```ts
 * import * as Console from "effect/Console"
 * import * as Effect from "effect/Effect"
 * import * as Queue from "effect/Queue"
 * import { ChangeEvents } from "formae/agent"
 *
 * const printFirst = Effect.gen(function* () {
 *   const events = yield* ChangeEvents
 *   const queue = yield* events.subscribe
 *   const event = yield* Queue.take(queue)
 *   yield* Console.log(event._tag, event.forma)
 * })
 * ```
 */
export class ChangeEvents extends Context.Service<
  ChangeEvents,
  {
    /** Publishes an event. */
    readonly publish: (event: ChangeEvent) => Effect.Effect<void>
    /** The events of all commands, from now on, for as long as the scope is open. They are kept until they are taken. */
    readonly subscribe: Effect.Effect<Queue.Dequeue<ChangeEvent, Cause.Done>, never, Scope.Scope>
    /**
     * Calls `observe` with each event of a command while the scope is open, in the
     * fiber that publishes it. It must return at once. Undefined stands for all
     * commands.
     */
    readonly addObserver: (
      commandId: string | undefined,
      observe: ChangeObserver,
    ) => Effect.Effect<void, never, Scope.Scope>
  }
>()("formae/agent/apply/ChangeEvents") {
  /** In memory: events are not kept for those that come later. */
  static readonly layer: Layer.Layer<ChangeEvents> = Layer.sync(ChangeEvents, () => {
    const watchers = new Set<Watcher>()
    const add = (watcher: Watcher) =>
      Effect.acquireRelease(
        Effect.sync(() => void watchers.add(watcher)),
        () => Effect.sync(() => watchers.delete(watcher)),
      )

    return ChangeEvents.of({
      publish: (event) =>
        Effect.forEach(
          [...watchers].filter(({ commandId }) => commandId === undefined || commandId === event.commandId),
          ({ observe }) => observe(event),
          { discard: true },
        ),
      subscribe: Effect.gen(function* () {
        const queue = yield* Effect.acquireRelease(Queue.unbounded<ChangeEvent, Cause.Done>(), Queue.end)
        yield* add({ commandId: undefined, observe: (event) => Effect.asVoid(Queue.offer(queue, event)) })
        return queue
      }),
      addObserver: (commandId, observe) => add({ commandId, observe }),
    })
  })
}

interface Watcher {
  /** The command whose events it gets; undefined for all. */
  readonly commandId: string | undefined
  readonly observe: ChangeObserver
}
