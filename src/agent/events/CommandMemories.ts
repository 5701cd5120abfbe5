/** What the log has told of each command that runs, and what earlier agents have done for it. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { ChangeEvent } from "../apply/ChangeEvent.ts"
import type { Holder } from "../records/CurrentHolder.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import { endsToTell, eventToTell, isEnd, isNothing } from "./continuedCommand.ts"
import type { EventLog } from "./EventLog.ts"
import { commandOf, type EventToLog, type NumberedEvent } from "./LoggedEvent.ts"

interface Memory {
  /** Under another one, a runner in between may have told more. */
  readonly holder: Holder | undefined
  readonly told: Map<string, string | null>
  done: ReadonlyArray<JournalEntry>
  /** Whether the log has its end, and nothing after it. */
  hasEnded: boolean
  /** The number of its last event in the log. 0 where there is none. */
  last: number
}

export const makeCommandMemories = (
  journal: Pick<OperationJournal["Service"], "listByCommand">,
  log: Pick<EventLog["Service"], "readAfter">,
) => {
  const memories = new Map<string, Memory>()

  const tell = (memory: Memory, event: ChangeEvent): void => {
    memory.hasEnded = false
    const { told } = memory
    if (event._tag === "Finished" && isEnd(event)) told.set(event.result.label, event.result.error?.code ?? null)
  }

  /** A command that the log knows was begun by an earlier agent, or is resumed. */
  const load = Effect.fnUntraced(function* (commandId: string, holder: Holder | undefined) {
    const known = memories.get(commandId)
    if (known !== undefined && known.holder === holder) return known
    const memory: Memory = { holder, told: new Map(), done: yield* doneOf(commandId), hasEnded: false, last: 0 }
    yield* eachLogged(log, commandId, ({ event, number }) => {
      // Says only that there were others before.
      if (event._tag === "Gone") return
      memory.last = number
      if (event._tag === "Change") tell(memory, event.event)
      if (event._tag === "Ended") memory.hasEnded = event.ending !== "left"
    })
    memories.set(commandId, memory)
    return memory
  })

  /** A row that cannot be read is reported by the command itself. */
  const doneOf = (commandId: string) => Effect.orElseSucceed(journal.listByCommand(commandId), () => [])

  const refresh = (commandId: string) =>
    Effect.map(doneOf(commandId), (done) => {
      const memory = memories.get(commandId)
      if (memory !== undefined) memory.done = done
    })

  return {
    /** Reads what is known of the commands of some events. Fails with `SqlError` where the state cannot be read. */
    prepare: (events: ReadonlyArray<EventToLog>, holder: Holder | undefined): Effect.Effect<void, SqlError> =>
      Effect.andThen(
        Effect.forEach(commandsOf(events), (commandId) => load(commandId, holder), { discard: true }),
        // What was sent by an earlier agent may have been found done by this one.
        Effect.forEach(commandsOf(events.filter(needsJournal)), refresh, { discard: true }),
      ),
    /** The number of the last event in the log of the commands of some events, which are prepared. */
    lastOf: (events: ReadonlyArray<EventToLog>): number =>
      Math.max(0, ...[...commandsOf(events)].map((commandId) => memories.get(commandId)?.last ?? 0)),
    /** Takes down that events were logged, up to a number. */
    wrote: (events: ReadonlyArray<EventToLog>, last: number): void => {
      for (const commandId of commandsOf(events)) {
        const memory = memories.get(commandId)
        if (memory !== undefined) memory.last = last
      }
    },
    /** Forgets the commands of some events: another agent tells of them now. */
    forget: (events: ReadonlyArray<EventToLog>): void => {
      for (const commandId of commandsOf(events)) memories.delete(commandId)
    },
    /** What is logged for an event whose command is prepared. */
    toLog: (one: EventToLog): ReadonlyArray<EventToLog> => {
      const { event, request } = one
      const memory = memories.get(commandOf(event) ?? "")
      if (memory === undefined) return [one]
      if (event._tag === "Change") {
        const told = eventToTell(event.event, memory)
        if (told === undefined) return []
        tell(memory, told)
        return [{ event: { _tag: "Change", event: told }, request }]
      }
      if (event._tag !== "Ended") return [one]
      const { commandId, ending, forma } = event
      memories.delete(commandId)
      // Its agent was killed before it had kept what it had told.
      if (memory.hasEnded) return []
      // What is left to the next agent is told at its end there.
      const missing = ending === "left" ? [] : endsToTell({ commandId, forma }, memory)
      return [...missing.map((each): EventToLog => ({ event: { _tag: "Change", event: each }, request })), one]
    },
  }
}

const commandsOf = (events: ReadonlyArray<EventToLog>): ReadonlySet<string> =>
  new Set(events.flatMap(({ event }) => commandOf(event) ?? []))

/** Whether the journal may know more than the event says. */
const needsJournal = ({ event }: EventToLog): boolean =>
  event._tag === "Ended" ||
  (event._tag === "Change" && event.event._tag === "Finished" && isNothing(event.event.result))

/** Page by page: a large command may have many events. */
const eachLogged = Effect.fnUntraced(function* (
  { readAfter }: Pick<EventLog["Service"], "readAfter">,
  commandId: string,
  use: (event: NumberedEvent) => void,
) {
  let from = 0
  while (true) {
    const { events, next } = yield* readAfter(from, { commandId })
    if (events.length === 0) return
    for (const event of events) use(event)
    from = next
  }
})
