/** Checks what a sync or a list of drift is limited to, before anything is read: a name that means nothing is a mistake in typing. */
import * as Effect from "effect/Effect"
import { Documents } from "../records/Documents.ts"
import { LastReads, type RowSelection } from "../records/LastReads.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { refusalOfSelection } from "./ResourceNotFound.ts"

export const makeSelectionCheck = Effect.gen(function* () {
  const documents = yield* Documents
  const journal = yield* OperationJournal
  const lastReads = yield* LastReads

  /** Fails with `ResourceNotFound` where a name means nothing. */
  return Effect.fnUntraced(function* (selection: RowSelection) {
    if (selection.forma === undefined && selection.labels === undefined) return
    // An entry that is damaged keeps nothing from being read.
    const open = yield* Effect.catchTag(journal.listOpen(), "JournalUnreadable", () => Effect.succeed([]))
    const known = [...(yield* lastReads.names), ...open]
    const refusal = refusalOfSelection(selection, known, yield* documents.names)
    if (refusal !== undefined) return yield* refusal
  })
})
