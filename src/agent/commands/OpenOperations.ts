/** The operations of which the end is not known: the next command of their forma takes them up. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import type { CommandRef } from "../apply/CommandRef.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { ResourceUpdater } from "../apply/ResourceUpdater.ts"
import { summaryOfEntry } from "../apply/TakeUp.ts"
import { StopRequests } from "../operations/StopRequests.ts"
import { type Held, reachOf, type Wanted } from "../plan/Change.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { canceledEntry, failedEntry, finishedEntry } from "./EntryResult.ts"

/** Taken up at once. */
const maxConcurrent = 32

export interface TakenUp {
  /** What came of each, by label. */
  readonly results: ReadonlyMap<string, ResourceResult>
  /** What is still open, and so must not be made again. */
  readonly held: Held
}

export class OpenOperations extends Context.Service<
  OpenOperations,
  {
    /**
     * Brings to an end what earlier commands of the same forma have left, as
     * far as that can be done. What is wanted now says how it is reached.
     */
    readonly takeUp: (
      command: CommandRef,
      wanted: ReadonlyArray<Wanted>,
    ) => Effect.Effect<TakenUp, SqlError | JournalUnreadable>
  }
>()("formae/agent/commands/OpenOperations") {
  static readonly layerNoDeps = Layer.effect(
    OpenOperations,
    Effect.gen(function* () {
      const events = yield* ChangeEvents
      const journal = yield* OperationJournal
      const stops = yield* StopRequests
      const updater = yield* ResourceUpdater

      const takeUpOne = Effect.fnUntraced(function* (
        command: CommandRef,
        entry: JournalEntry,
        wanted: Wanted | undefined,
      ) {
        const change = summaryOfEntry(entry)
        if (yield* stops.isRequested(command.commandId)) return canceledEntry(change)
        const startedAt = yield* Clock.currentTimeMillis
        const ended = yield* updater
          .run({ _tag: "TakeUp", command, entry, ...(wanted === undefined ? {} : { wanted }) })
          .pipe(Effect.catchTag("ChangeFailed", Effect.succeed))
        if (ended._tag === "NothingDone") return undefined
        const durationMillis = (yield* Clock.currentTimeMillis) - startedAt
        const result =
          ended._tag === "Done"
            ? finishedEntry(change, ended, durationMillis)
            : failedEntry(change, ended, durationMillis)
        yield* events.publish({ _tag: "Finished", ...command, result })
        return result
      })

      return OpenOperations.of({
        takeUp: Effect.fn("OpenOperations.takeUp")(function* (command, wanted) {
          const byLabel = new Map(wanted.map((one) => [one.resource.label, one]))
          const open = yield* journal.listOpen(command.forma)
          const results = yield* Effect.forEach(
            open,
            (found) => {
              const one = byLabel.get(found.label)
              return takeUpOne(command, { ...found, targetConfig: reachOf(found, one) }, one)
            },
            { concurrency: maxConcurrent },
          )
          const ended = new Map(
            results.flatMap((result) => (result === undefined ? [] : [[result.label, result] as const])),
          )
          const stillOpen = yield* journal.listOpen(command.forma)
          const held = stillOpen.flatMap(({ failure, label }) => {
            const error = ended.get(label)?.error ?? failure
            return error === null ? [] : [[label, error] as const]
          })
          return { results: ended, held: new Map(held) }
        }),
      })
    }),
  )
}
