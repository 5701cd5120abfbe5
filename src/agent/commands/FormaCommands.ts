/** What `apply` and `destroy` do once they may change the state: each works on its own forma alone. */
import * as Effect from "effect/Effect"
import type { CommandRef } from "../apply/CommandRef.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { Forma } from "../forma/Forma.ts"
import { claimsOfEntries } from "../plan/PlannedClaims.ts"
import { newCares } from "../plan/newCares.ts"
import { type PlannedChanges, Planner, type PlanOptions } from "../plan/Planner.ts"
import type { Claimed } from "../records/Claimed.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { withNotes } from "./CommandResult.ts"
import { CommandRun } from "./CommandRun.ts"
import { makeConfirmation } from "./Confirmation.ts"
import { labelsAccepted } from "./DriftNotAccepted.ts"
import { makeDestroy } from "./DestroyCommand.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { Notes, notesOnOpen } from "./Notes.ts"
import { isChosenBy, makeOnlyCheck } from "./OnlyCheck.ts"
import { makeNameAdoption } from "./NameAdoption.ts"
import { needingAttention, OpenOperations } from "./OpenOperations.ts"
import { planClaimed } from "./planClaimed.ts"
import { PlanOutdated } from "./PlanOutdated.ts"

export const makeFormaCommands = Effect.gen(function* () {
  const commandRun = yield* CommandRun
  const confirmed = yield* makeConfirmation
  const documents = yield* DocumentEntry
  const journal = yield* OperationJournal
  const notes = yield* Notes
  const open = yield* OpenOperations
  const adoptName = yield* makeNameAdoption
  const checkOnly = yield* makeOnlyCheck
  const planner = yield* Planner

  const apply = Effect.fnUntraced(function* (forma: Forma, options: CommandOptions, claimed: Claimed) {
    const wanted = yield* planner.check(forma)
    const outputs = yield* planner.outputs(forma)
    const entered = yield* documents.look(forma.name, options.document)
    const chosen = yield* checkOnly(forma, entered.name, options.only)
    const command = yield* commandRun.begin(forma.name, options)
    const isChosen = isChosenBy(chosen)
    const applied = Effect.gen(function* () {
      const { acceptDrift, expected, expectedOutputs } = options
      const asked = {
        command: "apply",
        ref: command,
        acceptDrift,
        expected,
        expectedOutputs,
        outputs: outputs.values,
      } as const
      const inEarlierName = Effect.flatMap(journal.listOpen(entered.name), (entries) => {
        const earlier = { ...forma, name: entered.name }
        const { only } = options
        return planClaimed(claimed, planner.plan(earlier, wanted, needingAttention(entries), { only, open: entries }))
      })
      const confirm = yield* adoptName(entered.name, options.document, {
        ...asked,
        confirm: options.confirm,
        plan: inEarlierName,
      })
      const all = yield* journal.listOpen(forma.name)
      const left = all.filter(isChosen)
      if (options.expected !== undefined) yield* refuseOpen(forma.name, options.expected, left)
      yield* coverUntilStopped(claimed, claimsOfEntries(left))
      const takenUp = yield* open.takeUp(command, wanted, forma.targets, chosen)
      const planned = yield* confirmed({
        ...asked,
        confirm,
        takenUp: takenUp.results.keys(),
        plan: planClaimed(claimed, planner.plan(forma, wanted, takenUp.blockers, planOptions(command, options))),
      })
      yield* documents.remember(forma.name, options.document)
      const only = options.only === undefined ? null : labelsBegun(planned)
      yield* commandRun.record({ command: "apply", ...command, only, accepted: labelsAccepted(planned.changes) }, forma)
      const result = yield* commandRun.run("apply", command, planned, takenUp, outputs)
      return withNotes(
        result,
        notesOnOpen(
          forma.name,
          all.filter((one) => !isChosen(one)),
        ),
      )
    })
    const result = yield* commandRun.whileRunning(command, applied)
    return withNotes(result, [...entered.notes, ...(yield* notes.onOthers(forma.name))])
  })

  return { apply, destroy: yield* makeDestroy }
})

/** Those of a limited command. One that does nothing takes nothing over from an earlier one. */
const labelsBegun = ({ changes }: PlannedChanges): ReadonlyArray<string> =>
  changes.some(({ movedFrom, operation }) => operation !== "noop" || movedFrom !== undefined) ||
  newCares(changes).length > 0
    ? changes.map(({ label }) => label)
    : []

const planOptions = ({ commandId }: CommandRef, { only }: CommandOptions): PlanOptions => ({ command: commandId, only })

/** What is open is finished before a plan is made, so it would be more than the plan shows. */
const refuseOpen = (
  forma: string,
  expected: ReadonlyArray<ResourceResult>,
  open: ReadonlyArray<JournalEntry>,
): Effect.Effect<void, PlanOutdated> => {
  const operations = new Map(expected.map(({ label, operation }) => [label, operation]))
  const differences = [...new Set(open.map(({ label }) => label))].map((label) => {
    const operation = operations.get(label) ?? null
    return { label, shown: operation, now: operation, places: [], facts: ["openOperation" as const] }
  })
  return differences.length === 0 ? Effect.void : Effect.fail(new PlanOutdated({ forma, differences }))
}
