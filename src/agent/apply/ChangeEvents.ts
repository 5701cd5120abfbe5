/** Where commands publish their events, and where observers observe them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { ChangeEvent, ChangeObserver } from "./ChangeEvent.ts"

/** Carries events from commands to their observers. */
export class ChangeEvents extends Context.Service<
  ChangeEvents,
  {
    /** Publishes an event. Returns once all observers of its command have observed it. */
    readonly publish: (event: ChangeEvent) => Effect.Effect<void>
    /** Lets an observer observe the events of a command while the scope is open. */
    readonly addObserver: (commandId: string, observe: ChangeObserver) => Effect.Effect<void, never, Scope.Scope>
  }
>()("formae/agent/apply/ChangeEvents") {
  static readonly layer: Layer.Layer<ChangeEvents> = Layer.sync(ChangeEvents, () => {
    const observers = new Set<{ readonly commandId: string; readonly observe: ChangeObserver }>()
    return ChangeEvents.of({
      publish: (event) =>
        Effect.forEach(
          [...observers].filter(({ commandId }) => commandId === event.commandId),
          ({ observe }) => observe(event),
          { discard: true },
        ),
      addObserver: (commandId, observe) =>
        Effect.asVoid(
          Effect.acquireRelease(
            Effect.sync(() => {
              const observer = { commandId, observe }
              observers.add(observer)
              return observer
            }),
            (observer) => Effect.sync(() => observers.delete(observer)),
          ),
        ),
    })
  })
}
