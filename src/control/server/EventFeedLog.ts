/** The events of the log, which survives the agent, for those who follow them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { EventLog } from "../../agent/events/EventLog.ts"
import { EventRecorder } from "../../agent/events/EventRecorder.ts"
import { loggedToApi } from "../mapping/loggedEvents.ts"
import { EventFeed, EventsGone } from "./EventFeed.ts"

/** A state that cannot be read now may be later: who follows loses the connection, and goes on after the last number. */
const orDie = <A>(effect: Effect.Effect<A, SqlError>): Effect.Effect<A> => Effect.orDie(effect)

const makeLoggedFeed = Effect.gen(function* () {
  const log = yield* EventLog
  const recorder = yield* EventRecorder
  const lastLogged = orDie(log.last)
  return EventFeed.of({
    lastLogged,
    // Where nothing more can be logged, what is in the log is all.
    last: Effect.andThen(Effect.ignore(recorder.recorded), lastLogged),
    readAfter: Effect.fnUntraced(function* (after, query = {}) {
      const { events, next } = yield* orDie(log.readAfter(after, query))
      const [first] = events
      if (first?.event._tag === "Gone") return yield* new EventsGone({ first: first.event.before })
      return { events: events.flatMap(loggedToApi), next }
    }),
    awaitAfter: (after) => orDie(log.awaitAfter(after)),
  })
})

/** The feed of an agent that stays. The last event is that which has happened, also where it is not yet in the log. */
export const layerLoggedFeed: Layer.Layer<EventFeed, never, EventLog | EventRecorder> = Layer.effect(
  EventFeed,
  makeLoggedFeed,
)
