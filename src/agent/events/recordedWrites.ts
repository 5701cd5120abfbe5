/** Writes what was recorded into the log, each event under the holding under which it has happened. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { CurrentHolder, type Holder } from "../records/CurrentHolder.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { isPassing } from "../store/DiskRoom.ts"
import { isServerAway } from "../store/serverAway.ts"
import { makeCommandMemories } from "./CommandMemories.ts"
import type { EventLog } from "./EventLog.ts"
import type { EventToLog } from "./LoggedEvent.ts"
import { withoutOutput } from "./withoutOutput.ts"

/** An event, and under which holding it has happened. */
export interface Recorded {
  readonly event: EventToLog
  readonly holder: Holder | undefined
}

/** Fails with `StateError` where nothing can be logged any more. */
export const makeRecordedWrites = (
  journal: Pick<OperationJournal["Service"], "listByCommand">,
  log: EventLog["Service"],
): ((recorded: ReadonlyArray<Recorded>) => Effect.Effect<void, StateError>) => {
  const memories = makeCommandMemories(journal, log)

  /** Of what another agent has taken over, nothing more is logged: that one tells it. */
  const writeUnder = Effect.fnUntraced(function* (holder: Holder | undefined, events: ReadonlyArray<EventToLog>) {
    /** The number of the last event of these commands in the log, before the first try. */
    let before: number | undefined
    const once = Effect.gen(function* () {
      yield* memories.prepare(events, holder)
      const last = memories.lastOf(events)
      before ??= last
      // A try was written, all of it, and the answer was lost: nobody else tells of these commands under this holding.
      if (last > before) return memories.forget(events)
      const toLog = events.flatMap(memories.toLog).map(withoutOutput)
      if (toLog.length === 0) return
      memories.wrote(events, yield* Effect.provideService(log.append(toLog), CurrentHolder, holder))
    }).pipe(Effect.tapError(() => Effect.sync(() => memories.forget(events))))
    const written = Effect.retry(once, retrying)
    yield* holder === undefined ? written : Effect.catchTag(written, "StateTaken", () => Effect.void)
  })

  return (recorded) =>
    Effect.forEach(byHolder(recorded), ({ events, holder }) => writeUnder(holder, events), { discard: true })
}

interface OfHolder {
  readonly holder: Holder | undefined
  readonly events: Array<EventToLog>
}

/** In their order, together as far as they have one holding. */
const byHolder = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<OfHolder> => {
  const groups: Array<OfHolder> = []
  for (const { event, holder } of recorded) {
    const last = groups.at(-1)
    if (last !== undefined && last.holder === holder) last.events.push(event)
    else groups.push({ holder, events: [event] })
  }
  return groups
}

/** A disk may have room again, and a server may be reached again. Until then what happens is kept in memory: no new command begins meanwhile. */
const retrying = {
  schedule: Schedule.spaced("1 second"),
  while: (error: unknown): boolean => isPassing(error) || isServerAway(error),
}
