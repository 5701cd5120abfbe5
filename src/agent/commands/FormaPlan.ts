/** What `plan` says: what an apply would do, and what is unfinished. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import { Planner } from "../plan/Planner.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { makeCommandResult, withNotes } from "./CommandResult.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { Notes } from "./Notes.ts"
import { needingAttention } from "./OpenOperations.ts"
import { makePlannedResults } from "./PlannedResults.ts"

export const makeFormaPlan = Effect.gen(function* () {
  const documents = yield* DocumentEntry
  const journal = yield* OperationJournal
  const notes = yield* Notes
  const planner = yield* Planner
  const plannedResults = yield* makePlannedResults

  return Effect.fnUntraced(function* (given: Forma, { document }: Pick<CommandOptions, "document"> = {}) {
    const wanted = yield* planner.check(given)
    const { name, notes: found } = yield* documents.look(given.name, document)
    const open = yield* journal.listOpen(name)
    const changes = yield* planner.plan({ ...given, name }, wanted, needingAttention(open))
    const hints = [...found, ...(yield* notes.onUnknownName(name)), ...(yield* notes.onUnfinished)]
    return withNotes(makeCommandResult("plan", yield* plannedResults(changes, open)), hints)
  })
})
