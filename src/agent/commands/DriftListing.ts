/** Lists the drift that syncs have found. Asks no provider. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { driftResult, type ResourceResult } from "../apply/ResourceResult.ts"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import { hasDrift } from "../records/LastRead.ts"
import { LastReads } from "../records/LastReads.ts"
import type { RowSelection } from "../records/pagesOfRows.ts"
import { type CommandResult, makeCommandResult, withNotes } from "./CommandResult.ts"
import { makeLabelLists } from "./labelLists.ts"
import { Note } from "./Note.ts"
import { Notes } from "./Notes.ts"
import type { ResourceNotFound } from "./ResourceNotFound.ts"
import { makeSelectionCheck } from "./SelectionCheck.ts"

export const makeDriftListing = Effect.gen(function* () {
  const checkSelection = yield* makeSelectionCheck
  const lastReads = yield* LastReads
  const notes = yield* Notes

  return Effect.fn("Agent.drift")(function* (
    selection: RowSelection = {},
  ): Effect.fn.Return<CommandResult, InventoryUnreadable | ResourceNotFound | SqlError> {
    yield* checkSelection(selection)
    const unknown = selection.forma === undefined ? [] : yield* notes.onUnknownName(selection.forma)
    const found: Array<ResourceResult> = []
    const unread = makeLabelLists()
    yield* Stream.runForEach(lastReads.pages(selection), ({ row }) =>
      Effect.sync(() => {
        if (row.lastRead === undefined) unread.add(row)
        else if (hasDrift(row.lastRead)) found.push(driftResult({ ...row, lastRead: row.lastRead }))
      }),
    )
    const never = unread.lists().map((one) => Note.cases.NotSynced.make(one))
    return withNotes(makeCommandResult("drift", found), [...unknown, ...never])
  })
})
