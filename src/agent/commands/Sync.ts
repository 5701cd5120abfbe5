/** Sync: reads what exists, and records it beside what is wanted. Changes nothing at a provider, and makes no command wait. */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { measure, syncedResources } from "../metrics/Metrics.ts"
import type { DestroyedForma } from "../plan/DestroyedForma.ts"
import type { DocumentConflict, DocumentSource } from "../records/DocumentSource.ts"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import { LastReads } from "../records/LastReads.ts"
import type { StateError } from "../records/StateError.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import { type CommandResult, makeCommandResult, withNotes } from "./CommandResult.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { makeLabelLists } from "./labelLists.ts"
import { Note } from "./Note.ts"
import { Notes } from "./Notes.ts"
import type { ResourceNotFound } from "./ResourceNotFound.ts"
import { makeSelectionCheck } from "./SelectionCheck.ts"
import { makeSyncPage, type Outcome } from "./SyncPage.ts"

/** What a sync reads. Everything if it is left out. */
export interface SyncOptions {
  /** Only the resources of this forma. With targets, they are reached by those where they name the same place. */
  readonly forma?: string | DestroyedForma | undefined
  /** Where the document of the forma was read, as in `CommandOptions`. */
  readonly document?: DocumentSource | undefined
  /** Only the resources with these labels. */
  readonly labels?: ReadonlyArray<string> | undefined
  /**
   * Whether to set back what has drifted in resources with `drift: repair`, by a
   * command for each forma, which stands in the journal. Only values that the
   * document states are set, and what is gone is created again; nothing is
   * replaced or deleted. Notes say what was done.
   */
  readonly repair?: boolean | undefined
}

/** Why a sync could not read or write the state, or what of its limits means nothing. */
export type SyncError = AgentUnreachable | DocumentConflict | InventoryUnreadable | ResourceNotFound | StateError

export const makeSync = Effect.fnUntraced(function* (
  repair: (found: ReadonlyArray<ResourceResult>, forma?: string) => Effect.Effect<ReadonlyArray<Note>>,
) {
  const checkSelection = yield* makeSelectionCheck
  const documents = yield* DocumentEntry
  const lastReads = yield* LastReads
  const notes = yield* Notes
  const { hold, syncPage } = yield* makeSyncPage
  const oneAtATime = Semaphore.makeUnsafe(1)

  const sync = Effect.fn("Agent.sync")(function* ({
    document,
    forma,
    labels,
    repair: isRepaired = false,
  }: SyncOptions = {}): Effect.fn.Return<CommandResult, SyncError> {
    // Who cannot write what was read need not read.
    yield* Effect.scoped(hold)
    const given = typeof forma === "string" ? { name: forma } : forma
    const entered = given === undefined ? undefined : yield* documents.look(given.name, document)
    yield* checkSelection({ forma: entered?.name, labels })
    const unknown = entered === undefined ? [] : yield* notes.onUnknownName(entered.name)
    const found: Array<ResourceResult> = []
    const leftOut = makeLabelLists()
    let count = 0
    yield* Stream.runForEach(
      Stream.chunks(lastReads.pages({ forma: entered?.name, labels })),
      Effect.fnUntraced(function* (page) {
        for (const outcome of yield* syncPage(page, given?.targets)) {
          yield* measure(syncedResources, 1, { "formae.sync.outcome": outcomeName(outcome) })
          if (outcome._tag === "LeftOut") {
            leftOut.add(outcome.row)
            continue
          }
          if (outcome._tag === "Read") count += 1
          if (outcome.result !== undefined) found.push(outcome.result)
        }
      }),
    )
    const left = leftOut.lists().map((one) => Note.cases.LeftOut.make(one))
    const repaired = isRepaired ? yield* repair(found, entered?.name) : []
    const result = { ...makeCommandResult("sync", found), read: count }
    return withNotes(result, [...(entered?.notes ?? []), ...unknown, ...left, ...repaired])
  })

  return (options?: SyncOptions) => oneAtATime.withPermit(sync(options))
})

/** What the metric calls it. */
const outcomeName = (outcome: Outcome): string => {
  if (outcome._tag === "Failed") return "failed"
  if (outcome._tag === "LeftOut") return "left_out"
  return outcome.result === undefined ? "same" : "drifted"
}
