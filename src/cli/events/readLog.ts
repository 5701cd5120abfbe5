/** The events in the log of a state on which no agent runs. */
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { commandsInLog, readEventsIn } from "../../agent/events/EventLog.ts"
import type { ApiEvent } from "../../control/api/ApiEvent.ts"
import { failed } from "../agentFailures.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"

/** Which events are read. */
export interface EventsWanted {
  /** The number after which to begin. All that are kept if it is left out. */
  readonly after: number | undefined
  /** The beginning of the id of a command, whose events are meant. */
  readonly command: string | undefined
}

/** What is done with events. */
export interface EventsUse {
  readonly handle: (event: ApiEvent) => Effect.Effect<void, CommandFailure>
  /** Is told that some of the events that were wanted are not kept any more, and which is the first that is. */
  readonly onGone: (first: number) => Effect.Effect<void>
}

/** The one id that begins so. */
export const oneOf = (ids: ReadonlyArray<string>, prefix: string): Effect.Effect<string, CommandFailure> => {
  const [id, ...more] = new Set(ids.filter((one) => one.startsWith(prefix)))
  if (id === undefined) return badInput("CommandUnknown", `There are no events of a command with the id ${prefix}`)
  if (more.length === 0) return Effect.succeed(id)
  return badInput("CommandUnclear", `The ids of ${more.length + 1} commands begin with ${prefix}. Write more of the id`)
}

/** Reads the log of a state on which no agent runs. Nothing is written. Gives how many there are. */
export const readLog = Effect.fnUntraced(function* ({ after, command }: EventsWanted, { handle, onGone }: EventsUse) {
  const sql = yield* SqlClient
  const { loggedToApi } = yield* Effect.promise(() => import("../../control/mapping/loggedEvents.ts"))
  const commandId =
    command === undefined
      ? undefined
      : yield* oneOf(yield* Effect.mapError(commandsInLog(sql, command), failed), command)
  const read = readEventsIn(sql)
  let from = after ?? 0
  let count = 0
  while (true) {
    const { events, next } = yield* Effect.mapError(read(from, { commandId }), failed)
    for (const event of events) {
      if (event.event._tag !== "Gone") {
        count += 1
        yield* handle(loggedToApi(event))
      } else if (from > 0 || after !== undefined) yield* onGone(event.event.before)
    }
    if (events.length === 0) return count
    from = next
  }
})
