/** What `plan` says: what an apply would do, and what is unfinished. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import { Planner } from "../plan/Planner.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { makeCommandResult, withNotes, withOnly, withOutputChanges } from "./CommandResult.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { Notes } from "./Notes.ts"
import { isChosenBy, makeOnlyCheck } from "./OnlyCheck.ts"
import { needingAttention } from "./OpenOperations.ts"
import { makePlannedOutputs } from "./PlannedOutputs.ts"
import { makePlannedResults } from "./PlannedResults.ts"

export const makeFormaPlan = Effect.gen(function* () {
  const checkOnly = yield* makeOnlyCheck
  const documents = yield* DocumentEntry
  const journal = yield* OperationJournal
  const notes = yield* Notes
  const planner = yield* Planner
  const plannedOutputs = yield* makePlannedOutputs
  const plannedResults = yield* makePlannedResults

  return Effect.fnUntraced(function* (
    given: Forma,
    { document, only }: Pick<CommandOptions, "document" | "only"> = {},
  ) {
    const wanted = yield* planner.check(given)
    const { name, notes: found } = yield* documents.look(given.name, document)
    const chosen = yield* checkOnly(given, name, only)
    const all = yield* journal.listOpen(name)
    const planned = yield* planner.plan({ ...given, name }, wanted, needingAttention(all), { only, open: all })
    const labels = new Set(planned.changes.map(({ label }) => label))
    const open = all.filter((one) => isChosenBy(chosen)(one) || labels.has(one.label))
    const hints = [...found, ...(yield* notes.onUnknownName(name)), ...(yield* notes.onUnfinished)]
    const changed = yield* plannedOutputs(name, (yield* planner.outputs(given)).values, planned)
    const result = makeCommandResult("plan", yield* plannedResults(planned.changes, open))
    return withNotes(withOutputChanges(withOnly(result, planned.only), changed), hints)
  })
})
