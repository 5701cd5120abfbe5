/** Where the events of commands go, and from where they are observed. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { ChangeEvent, ChangeObserver } from "./ChangeEvent.ts"

export class ChangeEvents extends Context.Service<
  ChangeEvents,
  {
    /** Reports an event. Returns once all that observe its command have been given it. */
    readonly publish: (event: ChangeEvent) => Effect.Effect<void>
    /** Gives `observer` the events of a command for as long as the scope is open. */
    readonly observe: (commandId: string, observer: ChangeObserver) => Effect.Effect<void, never, Scope.Scope>
  }
>()("formae/agent/apply/ChangeEvents") {
  static readonly layer: Layer.Layer<ChangeEvents> = Layer.sync(ChangeEvents, () => {
    const observers = new Set<{ readonly commandId: string; readonly observer: ChangeObserver }>()
    return ChangeEvents.of({
      publish: (event) =>
        Effect.forEach(
          [...observers].filter(({ commandId }) => commandId === event.commandId),
          ({ observer }) => observer(event),
          { discard: true },
        ),
      observe: (commandId, observer) =>
        Effect.asVoid(
          Effect.acquireRelease(
            Effect.sync(() => {
              const observing = { commandId, observer }
              observers.add(observing)
              return observing
            }),
            (observing) => Effect.sync(() => observers.delete(observing)),
          ),
        ),
    })
  })
}
