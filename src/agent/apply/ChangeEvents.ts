/** Where commands publish their events, and where observers and subscribers get them. */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ChangeEvent, ChangeObserver } from "./ChangeEvent.ts"

/** Carries events from commands to those that watch them. Nobody who is slow holds a command up. */
export class ChangeEvents extends Context.Service<
  ChangeEvents,
  {
    /** Publishes an event. Never waits. */
    readonly publish: (event: ChangeEvent) => Effect.Effect<void>
    /** The events of all commands, from now on, for as long as the scope is open. They are kept until they are taken. */
    readonly subscribe: Effect.Effect<Queue.Dequeue<ChangeEvent, Cause.Done>, never, Scope.Scope>
    /**
     * Gives an observer the events of a command, in their order, while the scope
     * is open. Closing the scope waits until it has observed them all, or until
     * the command is interrupted. An observer that throws gets no more events.
     */
    readonly addObserver: (commandId: string, observe: ChangeObserver) => Effect.Effect<void, never, Scope.Scope>
  }
>()("formae/agent/apply/ChangeEvents") {
  static readonly layer: Layer.Layer<ChangeEvents> = Layer.sync(ChangeEvents, () => {
    const watchers = new Set<Watcher>()

    /** A queue of the events of a command, or of all; closing the scope ends it. */
    const watch = (commandId: string | undefined) =>
      Effect.acquireRelease(
        Effect.map(Queue.unbounded<ChangeEvent, Cause.Done>(), (queue) => {
          const watcher: Watcher = { commandId, queue }
          watchers.add(watcher)
          return watcher
        }),
        (watcher) => {
          watchers.delete(watcher)
          return Queue.end(watcher.queue)
        },
      )

    return ChangeEvents.of({
      publish: (event) =>
        Effect.forEach(
          [...watchers].filter(({ commandId }) => commandId === undefined || commandId === event.commandId),
          ({ queue }) => Queue.offer(queue, event),
          { discard: true },
        ),
      subscribe: Effect.map(watch(undefined), ({ queue }) => queue),
      addObserver: Effect.fnUntraced(function* (commandId, observe) {
        const { queue } = yield* watch(commandId)
        const fiber = yield* Effect.forkScoped(
          Stream.runForEach(Stream.fromQueue(queue), observe).pipe(
            Effect.catchCause((cause) =>
              Effect.logError("An observer of a command failed, and gets no more events", cause),
            ),
          ),
        )
        // Interruptible, so that an observer that hangs cannot keep an interrupted command.
        yield* Effect.addFinalizer(() =>
          Effect.andThen(Queue.end(queue), Effect.exit(Effect.interruptible(Fiber.await(fiber)))),
        )
      }),
    })
  })
}

interface Watcher {
  /** The command whose events it gets; undefined for all. */
  readonly commandId: string | undefined
  readonly queue: Queue.Queue<ChangeEvent, Cause.Done>
}
