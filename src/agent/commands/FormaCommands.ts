/** What `apply` and `destroy` do once they may change the state: each works on its own forma alone. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { CommandRef } from "../apply/CommandRef.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { Forma } from "../forma/Forma.ts"
import { FormaDocument } from "../forma/FormaDocument.ts"
import { OnlyRefused } from "../plan/OnlyRefused.ts"
import { claimsOfEntries } from "../plan/PlannedClaims.ts"
import { type DestroyedForma, Planner, type PlanOptions } from "../plan/Planner.ts"
import type { Claimed } from "../records/Claims.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { withNotes } from "./CommandResult.ts"
import { CommandRun } from "./CommandRun.ts"
import { makeConfirmation } from "./Confirmation.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { Notes, notesOnOpen } from "./Notes.ts"
import { isChosenBy, makeOnlyCheck } from "./OnlyCheck.ts"
import { OpenOperations } from "./OpenOperations.ts"
import { planClaimed } from "./planClaimed.ts"
import { PlanOutdated } from "./PlanOutdated.ts"

export const makeFormaCommands = Effect.gen(function* () {
  const commandRun = yield* CommandRun
  const commands = yield* CommandJournal
  const confirmed = yield* makeConfirmation
  const documents = yield* DocumentEntry
  const journal = yield* OperationJournal
  const notes = yield* Notes
  const open = yield* OpenOperations
  const checkOnly = yield* makeOnlyCheck
  const planner = yield* Planner

  const apply = Effect.fnUntraced(function* (forma: Forma, options: CommandOptions, claimed: Claimed) {
    const wanted = yield* planner.check(forma)
    const outputs = yield* planner.outputs(forma)
    const { name } = yield* documents.look(forma.name, options.document)
    const chosen = yield* checkOnly(forma, name, options.only)
    const entered = yield* documents.enter(forma.name, options.document)
    const command = yield* commandRun.begin(forma.name, options)
    const isChosen = isChosenBy(chosen)
    const applied = Effect.gen(function* () {
      const all = yield* journal.listOpen(forma.name)
      const left = all.filter(isChosen)
      if (options.expected !== undefined) yield* refuseOpen(forma.name, options.expected, left)
      yield* coverUntilStopped(claimed, claimsOfEntries(left))
      const takenUp = yield* open.takeUp(command, wanted, forma.targets, chosen)
      const planned = yield* confirmed({
        command: "apply",
        ref: command,
        confirm: options.confirm,
        expected: options.expected,
        outputs: outputs.values,
        takenUp: takenUp.results.keys(),
        plan: planClaimed(claimed, planner.plan(forma, wanted, takenUp.blockers, planOptions(command, options))),
      })
      yield* documents.remember(forma.name, options.document)
      const labels = planned.changes.map(({ label }) => label)
      yield* commands.begin({ command: "apply", ...command, only: options.only === undefined ? null : labels }, forma)
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

  const destroy = Effect.fnUntraced(function* (forma: DestroyedForma, options: CommandOptions, claimed: Claimed) {
    const { name: formaName } = forma
    if (options.only !== undefined) return yield* new OnlyRefused({ forma: formaName, reason: { _tag: "OfDestroy" } })
    const entered = yield* documents.enter(formaName, options.document)
    const command = yield* commandRun.begin(formaName, options)
    const unknown = yield* notes.onUnknownName(formaName)
    const destroyed = Effect.gen(function* () {
      yield* coverUntilStopped(claimed, claimsOfEntries(yield* journal.listOpen(formaName)))
      const takenUp = yield* open.takeUp(command, [], forma.targets)
      const planned = yield* confirmed({
        command: "destroy",
        ref: command,
        confirm: options.confirm,
        expected: undefined,
        outputs: {},
        takenUp: takenUp.results.keys(),
        plan: planClaimed(claimed, planner.planDestroy(forma)),
      })
      const begun = { command: "destroy", ...command } as const
      // A key that is lost does not keep a destroy from its work.
      yield* commands
        .begin(begun, documentOfTargets(forma))
        .pipe(Effect.catchTag("VaultUnavailable", () => commands.begin(begun, undefined)))
      return yield* commandRun.run("destroy", command, planned, takenUp)
    })
    const result = yield* commandRun.whileRunning(command, destroyed)
    return withNotes(result, [...entered.notes, ...unknown, ...(yield* notes.onOthers(formaName))])
  })

  return { apply, destroy }
})

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

const decodeDocument = Schema.decodeUnknownOption(FormaDocument)

/** What a destroy needs to be resumed: its targets. Undefined where it has none, or not such as a document may have. */
const documentOfTargets = ({ targets = {} }: DestroyedForma): FormaDocument | undefined =>
  Object.keys(targets).length === 0 ? undefined : Option.getOrUndefined(decodeDocument({ targets, resources: [] }))
