/** Looks for drift again and again, for an agent that stays. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Agent } from "./Agent.ts"
import { describeNote } from "./commands/Note.ts"

/** How an agent that stays looks for drift. */
export interface DriftWatchOptions {
  /** The time between two syncs. Each is up to a fifth shorter or longer, so that many agents do not ask at once. */
  readonly every: Duration.Input
}

/** The times at which drift is looked for. */
export const driftSchedule = (every: Duration.Input) => Schedule.jittered(Schedule.spaced(every))

/**
 * Reads everything at each time of the schedule, and repairs what a document wants
 * repaired. The next time is counted from the end of a sync, so there is one at a
 * time. One that fails is logged, and the next one tries again. Never ends.
 */
export const watchDrift = Effect.fnUntraced(function* ({ every }: DriftWatchOptions) {
  const agent = yield* Agent
  const look = agent.sync({ repair: true }).pipe(
    Effect.tap(({ notes = [] }) => Effect.forEach(notes, (note) => Effect.logInfo(describeNote(note)))),
    Effect.catch((error) => Effect.logWarning(`Drift was not looked for: ${error.message}`)),
  )
  return yield* Effect.schedule(look, driftSchedule(every)).pipe(Effect.andThen(Effect.never))
})
