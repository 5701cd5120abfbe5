/**
 * The log of an agent that stays: what has happened, in the order in which it
 * happened, each with a number. It survives the agent, so that a client that
 * follows it goes on after the last number that it has seen.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import type { StateError } from "../records/StateError.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import { checksumOf } from "../store/RowChecksum.ts"
import { defaultEventRetention, type EventRetention, outdated } from "./EventRetention.ts"
import { commandOf, type EventToLog, LoggedEvent, type NumberedEvent } from "./LoggedEvent.ts"
import { readEvent } from "./readEvent.ts"

/** Which events are read. */
export interface EventQuery {
  /** Those of one command. All are read by default. */
  readonly commandId?: string | undefined
  /** Those of the commands that were asked for with one key. */
  readonly request?: string | undefined
}

/** A part of the log. */
export interface EventPage {
  /** In their order. The first one is `Gone` where earlier ones are wanted than are kept. */
  readonly events: ReadonlyArray<NumberedEvent>
  /** The number after which to go on: that of the last event here, or of the last one in the log where no more are meant. */
  readonly next: number
}

/**
 * Keeps the events of a state. A method that reads fails with `SqlError` where the
 * state cannot be read. Nothing is kept in memory for those that read.
 */
export class EventLog extends Context.Service<
  EventLog,
  {
    /**
     * Puts events into the log, all or none, and gives the number of the last
     * one. They have been committed when this ends. Fails with the errors of
     * `StateError` where they cannot be.
     */
    readonly append: (events: ReadonlyArray<EventToLog>) => Effect.Effect<number, StateError>
    /** The number of the last event. 0 where there is none. */
    readonly last: Effect.Effect<number, SqlError>
    /** The events after a number, at most `limit` of them (128 by default). */
    readonly readAfter: (
      after: number,
      query?: EventQuery & { readonly limit?: number | undefined },
    ) => Effect.Effect<EventPage, SqlError>
    /** Completes once there is an event after a number. */
    readonly awaitAfter: (after: number) => Effect.Effect<void, SqlError>
    /**
     * The events after a number, and then each that this agent logs. It never
     * ends by itself. Each page of events is read when the one before was taken.
     */
    readonly follow: (after: number, query?: EventQuery) => Stream.Stream<NumberedEvent, SqlError>
  }
>()("formae/agent/events/EventLog") {
  /** Kept in the store. Who appends must hold the state. */
  static readonly layerNoDeps = (retention: EventRetention = defaultEventRetention) =>
    Layer.effect(
      EventLog,
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const { write } = yield* StateOwnership
        /** Completes when something is logged, and is another one then. */
        let appended = Deferred.makeUnsafe<void>()
        let lookedAt: number | undefined

        /** Until the transaction ends, nobody else gives out numbers. In SQLite no other transaction runs beside this one. */
        const inTurn: Effect.Effect<unknown, SqlError> = sql.onDialectOrElse({
          pg: () => sql`SELECT pg_advisory_xact_lock(hashtextextended('numbers of events ' || current_schema(), 0))`,
          orElse: () => sql`SELECT 1`,
        })

        const readAfter = readEventsIn(sql)

        const deleteOld = Effect.fnUntraced(function* (last: number, now: number) {
          const old = outdated(retention, { last, lookedAt, now })
          if (old === undefined) return
          lookedAt = last
          yield* sql`DELETE FROM events WHERE number < ${last} AND (number < ${old.number} OR at < ${old.time})`
        })

        const append = Effect.fnUntraced(function* (events: ReadonlyArray<EventToLog>) {
          const rows = yield* Effect.forEach(events, ({ event, request = null }) =>
            Effect.map(Effect.orDie(encode(event)), (text) => ({ command_id: commandOf(event), request, event: text })),
          )
          const at = yield* Clock.currentTimeMillis
          return yield* write(
            Effect.gen(function* () {
              yield* inTurn
              let number = yield* lastNumber(sql)
              for (const row of rows) {
                number += 1
                const checksum = checksumOf({ number, at, ...row })
                yield* sql`
                  INSERT INTO events (number, at, command_id, request, event, checksum)
                  VALUES (${number}, ${at}, ${row.command_id}, ${row.request}, ${row.event}, ${checksum})`
              }
              yield* deleteOld(number, at)
              return number
            }),
          )
        })

        return EventLog.of({
          append: (events) =>
            Effect.tap(append(events), () =>
              Effect.sync(() => {
                const before = appended
                appended = Deferred.makeUnsafe()
                Deferred.doneUnsafe(before, Exit.void)
              }),
            ),
          last: lastNumber(sql),
          readAfter,
          awaitAfter: Effect.fnUntraced(function* (after) {
            while (true) {
              const more = appended
              if ((yield* lastNumber(sql)) > after) return
              yield* Deferred.await(more)
            }
          }),
          follow: (after, query = {}) =>
            Stream.paginate(
              after,
              Effect.fnUntraced(function* (from: number) {
                while (true) {
                  // Taken before the log is read, so that nothing is missed in between.
                  const more = appended
                  const { events, next } = yield* readAfter(from, query)
                  if (next > from) return [events, Option.some(next)] as const
                  yield* Deferred.await(more)
                }
              }),
            ),
        })
      }),
    )
}

const lastNumber = (sql: SqlClient.SqlClient): Effect.Effect<number, SqlError> =>
  Effect.map(sql`SELECT MAX(number) FROM events`.values, ([row]) => Number(row?.[0] ?? 0))

const firstNumber = (sql: SqlClient.SqlClient): Effect.Effect<number, SqlError> =>
  Effect.map(sql`SELECT MIN(number) FROM events`.values, ([row]) => Number(row?.[0] ?? 1))

/** Reads the events of a state, of which nothing has to be held. As `EventLog.readAfter`. */
export const readEventsIn = (sql: SqlClient.SqlClient): EventLog["Service"]["readAfter"] =>
  Effect.fn("EventLog.readAfter")(function* (after, { commandId, limit = pageSize, request } = {}) {
    const first = yield* firstNumber(sql)
    // Before the events: all up to it are among those that are read, or are not meant.
    const last = yield* lastNumber(sql)
    const gone: ReadonlyArray<NumberedEvent> =
      after + 1 < first
        ? [{ number: first - 1, at: 0, commandId: null, request: null, event: { _tag: "Gone", before: first } }]
        : []
    const isOfCommand: Fragment = commandId === undefined ? sql`1 = 1` : sql`command_id = ${commandId}`
    const isOfRequest: Fragment = request === undefined ? sql`1 = 1` : sql`request = ${request}`
    const rows = yield* sql`
      SELECT number, at, command_id, request, event, checksum FROM events
      WHERE number > ${after} AND ${isOfCommand} AND ${isOfRequest} ORDER BY number LIMIT ${limit}`
    const events = [...gone, ...rows.map(readEvent)]
    const read = events.at(-1)?.number ?? after
    return { events, next: rows.length < limit ? Math.max(read, last) : read }
  })

/** The ids of the commands that the log has events of, and that begin so. */
export const commandsInLog = (
  sql: SqlClient.SqlClient,
  prefix: string,
): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.map(
    sql`SELECT DISTINCT command_id FROM events WHERE command_id >= ${prefix} AND command_id < ${`${prefix}\uffff`}`
      .values,
    (rows) => rows.map(([id]) => String(id)),
  )

/** Enough for a screen, and little memory. */
const pageSize = 128

const encode = Schema.encodeEffect(Schema.fromJsonString(LoggedEvent))
