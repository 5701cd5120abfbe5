/** Checks what a sync or a list of drift is limited to, before anything is read: a name that means nothing is a mistake in typing. */
import * as Effect from "effect/Effect"
import { Documents } from "../records/Documents.ts"
import { LastReads } from "../records/LastReads.ts"
import type { RowSelection } from "../records/pagesOfRows.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { refusalOfSelection } from "./ResourceNotFound.ts"

export const makeSelectionCheck = Effect.gen(function* () {
  const documents = yield* Documents
  const journal = yield* OperationJournal
  const lastReads = yield* LastReads

  const refusalOf = Effect.fnUntraced(function* (selection: RowSelection, among: RowSelection, atMost?: number) {
    // An entry that is damaged keeps nothing from being read.
    const open = yield* Effect.catchTag(journal.listOpen(among.forma), "JournalUnreadable", () => Effect.succeed([]))
    const known = [...(yield* lastReads.names(among, atMost)), ...open]
    return refusalOfSelection(selection, known, yield* documents.names)
  })

  /** Fails with `ResourceNotFound` where a name means nothing. */
  return Effect.fnUntraced(function* (selection: RowSelection) {
    const { forma, labels } = selection
    if (forma === undefined && labels === undefined) return
    // What there is beside the selection is told only where there is no such thing. One row shows that a forma has some.
    const atMost = labels === undefined ? 1 : undefined
    if ((yield* refusalOf(selection, selection, atMost)) === undefined) return
    const refusal = yield* refusalOf(selection, {})
    if (refusal !== undefined) return yield* refusal
  })
})
