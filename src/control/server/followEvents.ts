/** Events as a stream that a client follows. What it has not read yet is read when it asks for it. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ApiEvent } from "../api/ApiEvent.ts"
import type { EventChoice, EventFeed, EventsGone } from "./EventFeed.ts"

/** What ends a stream of events. */
export interface EventsEnd {
  /** Whether there will be no more than there are now. */
  readonly isOver: Effect.Effect<boolean>
  /** Completes once it may be over. */
  readonly awaitOver: Effect.Effect<void>
}

const never: EventsEnd = { isOver: Effect.succeed(false), awaitOver: Effect.never }

/** The events after a number. Ends once `end` says so and all events until then were given. */
export const followEvents = (
  feed: EventFeed["Service"],
  after: number,
  choice: EventChoice = {},
  end: EventsEnd = never,
): Stream.Stream<ApiEvent, EventsGone> =>
  Stream.paginate(
    after,
    Effect.fnUntraced(function* (from: number) {
      // Asked before the events are read: what ends meanwhile has events that are read next time.
      const isOver = yield* end.isOver
      const { events, next } = yield* feed.readAfter(from, choice)
      if (next > from) return [events, Option.some(next)] as const
      if (isOver) return [events, Option.none()] as const
      yield* Effect.raceFirst(feed.awaitAfter(from), end.awaitOver)
      return [events, Option.some(from)] as const
    }),
  )
