/** The events of the log, which survives the agent, for those who follow them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { SqlError } from "effect/sql/SqlError"
import { EventLog } from "../../agent/events/EventLog.ts"
import { EventRecorder } from "../../agent/events/EventRecorder.ts"
import { isServerAway } from "../../agent/store/serverAway.ts"
import { loggedToApi } from "../mapping/loggedEvents.ts"
import { EventFeed, EventsGone } from "./EventFeed.ts"

/** A server that is away may be back soon: until then who asks waits, for as long as a client does. */
const untilBack = {
  schedule: Schedule.spaced("500 millis").pipe(Schedule.upTo({ duration: "1 minute" })),
  while: isServerAway,
}

/** A state that cannot be read now may be later: who follows loses the connection, and goes on after the last number. */
const orDie = <A>(effect: Effect.Effect<A, SqlError>): Effect.Effect<A> => Effect.orDie(Effect.retry(effect, untilBack))

/** How long a server may take to say the number of the last event. Much less than how long an agent may take that hangs. */
const answerMillis = 1_000

/** How often it is looked whether other agents have logged something, in milliseconds. Undefined where this agent alone logs. */
export const OtherLoggers = Context.Reference<number | undefined>("formae/control/server/OtherLoggers", {
  defaultValue: () => undefined,
})

const makeLoggedFeed = Effect.gen(function* () {
  const log = yield* EventLog
  const recorder = yield* EventRecorder
  let known = 0
  const readLast = Effect.tap(log.last, (last) =>
    Effect.sync(() => {
      known = last
    }),
  )
  yield* Effect.ignore(readLast)
  const last = orDie(readLast)
  const everyMillis = yield* OtherLoggers
  const awaitOthers = (after: number) =>
    everyMillis === undefined
      ? Effect.never
      : last.pipe(Effect.delay(everyMillis), Effect.repeat({ until: (number) => number > after }), Effect.asVoid)
  return EventFeed.of({
    // An agent whose server is away still says that it is there. Who follows from an earlier number misses nothing.
    lastLogged: readLast.pipe(
      Effect.timeout(answerMillis),
      Effect.orElseSucceed(() => known),
    ),
    // Where nothing more can be logged, what is in the log is all.
    last: Effect.andThen(Effect.ignore(recorder.recorded), last),
    readAfter: Effect.fnUntraced(function* (after, query = {}) {
      const { events, next } = yield* orDie(log.readAfter(after, query))
      const [first] = events
      if (first?.event._tag === "Gone") return yield* new EventsGone({ first: first.event.before })
      return { events: events.flatMap(loggedToApi), next }
    }),
    awaitAfter: (after) => Effect.raceFirst(orDie(log.awaitAfter(after)), awaitOthers(after)),
  })
})

/** The feed of an agent that stays. The last event is that which has happened, also where it is not yet in the log. */
export const layerLoggedFeed: Layer.Layer<EventFeed, never, EventLog | EventRecorder> = Layer.effect(
  EventFeed,
  makeLoggedFeed,
)
