/** The events of the agent with their numbers, for those who follow them. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { ChangeEvents } from "../../agent/apply/ChangeEvents.ts"
import { CurrentAsked } from "../../agent/records/Asked.ts"
import type { ApiEvent } from "../api/ApiEvent.ts"
import { eventToApi } from "../mapping/models.ts"

/** Events that were asked for are not kept any more. */
export class EventsGone extends Schema.TaggedError<EventsGone>("formae/control/server/EventsGone")("EventsGone", {
  /** The number of the first event that is kept. */
  first: Schema.Int,
}) {
  override get message(): string {
    return `The events before ${this.first} are not kept any more`
  }
}

/** Which events are meant. All of them where nothing is given. */
export interface EventChoice {
  readonly request?: string | undefined
  readonly commandId?: string | undefined
}

/** A part of the events. */
export interface EventPage {
  /** In their order. */
  readonly events: ReadonlyArray<ApiEvent>
  /** The number after which to go on. Where it is not greater than before, there are no more for now. */
  readonly next: number
}

/** Numbers events, and gives them to those who follow them. A follower holds a number and no events, however slow it is. */
export class EventFeed extends Context.Service<
  EventFeed,
  {
    /** The number of the last event, once all that has happened until now has one. 0 where there was none. */
    readonly last: Effect.Effect<number>
    /** The number of the last event that has one, or an earlier one where the state cannot be read now. */
    readonly lastLogged: Effect.Effect<number>
    /**
     * The events after a number, at most 256 of them, and the number after which
     * to go on. With `request`, those of the command that was asked for with that
     * key, and with `commandId`, those of one command. Fails with `EventsGone` where
     * some are not kept any more.
     */
    readonly readAfter: (after: number, which?: EventChoice) => Effect.Effect<EventPage, EventsGone>
    /** Completes once there is an event after a number. */
    readonly awaitAfter: (after: number) => Effect.Effect<void>
  }
>()("formae/control/server/EventFeed") {
  /** The last 10,000 events of this agent, in memory. */
  static readonly layerMemory: Layer.Layer<EventFeed, never, ChangeEvents> = Layer.effect(
    EventFeed,
    Effect.gen(function* () {
      const events = yield* ChangeEvents
      const kept: Array<ApiEvent> = []
      let last = 0
      const changed = yield* Latch.make(false)

      yield* events.addObserver(
        undefined,
        Effect.fnUntraced(function* (event) {
          const at = yield* Clock.currentTimeMillis
          const { request } = yield* CurrentAsked
          last += 1
          kept.push(eventToApi(event, { at, number: last, request }))
          if (kept.length > maxKept + spare) kept.splice(0, spare)
          yield* changed.release
        }),
      )

      const awaitAfter = (after: number): Effect.Effect<void> =>
        Effect.suspend(() => (last > after ? Effect.void : Effect.andThen(changed.await, awaitAfter(after))))

      return EventFeed.of({
        last: Effect.sync(() => last),
        lastLogged: Effect.sync(() => last),
        readAfter: (after, { commandId, request } = {}) =>
          Effect.suspend(() => {
            const first = kept[0]?.number ?? last + 1
            if (after < first - 1) return Effect.fail(new EventsGone({ first }))
            const page = kept.slice(after - first + 1, after - first + 1 + maxBatch)
            const isMeant = (event: ApiEvent) =>
              (request === undefined || event.request === request) &&
              (commandId === undefined || event.commandId === commandId)
            return Effect.succeed({ events: page.filter(isMeant), next: page.at(-1)?.number ?? after })
          }),
        awaitAfter,
      })
    }),
  )
}

/** How many events are kept. */
const maxKept = 10_000

/** How many more there may be before the oldest are dropped, all at once. */
const spare = 1_000

/** How many are given out at a time. */
const maxBatch = 256
