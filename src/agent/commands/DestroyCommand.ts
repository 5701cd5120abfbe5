/** What `destroy` does once it may change the state. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { FormaDocument } from "../forma/FormaDocument.ts"
import { OnlyRefused } from "../plan/OnlyRefused.ts"
import { claimsOfEntries } from "../plan/PlannedClaims.ts"
import { caredFor, type DestroyedForma } from "../plan/DestroyedForma.ts"
import { Planner } from "../plan/Planner.ts"
import type { Claimed } from "../records/Claimed.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { withNotes } from "./CommandResult.ts"
import { CommandRun } from "./CommandRun.ts"
import { makeConfirmation } from "./Confirmation.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"
import { labelsAccepted } from "./DriftNotAccepted.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { makeNameAdoption } from "./NameAdoption.ts"
import { Notes } from "./Notes.ts"
import { OpenOperations } from "./OpenOperations.ts"
import { planClaimed } from "./planClaimed.ts"

export const makeDestroy = Effect.gen(function* () {
  const adoptName = yield* makeNameAdoption
  const commandRun = yield* CommandRun
  const confirmed = yield* makeConfirmation
  const documents = yield* DocumentEntry
  const journal = yield* OperationJournal
  const notes = yield* Notes
  const open = yield* OpenOperations
  const planner = yield* Planner

  return Effect.fnUntraced(function* (forma: DestroyedForma, options: CommandOptions, claimed: Claimed) {
    const { name: formaName } = forma
    if (options.only !== undefined) return yield* new OnlyRefused({ forma: formaName, reason: { _tag: "OfDestroy" } })
    const entered = yield* documents.look(formaName, options.document)
    const command = yield* commandRun.begin(formaName, options)
    const unknown = yield* notes.onUnknownName(entered.name)
    const destroyed = Effect.gen(function* () {
      const { acceptDrift } = options
      const asked = { command: "destroy", ref: command, acceptDrift, expected: undefined, outputs: {} } as const
      const confirm = yield* adoptName(entered.name, options.document, {
        ...asked,
        confirm: options.confirm,
        plan: planClaimed(claimed, planner.planDestroy({ ...forma, name: entered.name })),
      })
      yield* coverUntilStopped(claimed, claimsOfEntries(yield* journal.listOpen(formaName)))
      const takenUp = yield* open.takeUp(command, [], forma.targets)
      const planned = yield* confirmed({
        ...asked,
        confirm,
        takenUp: takenUp.results.keys(),
        plan: planClaimed(claimed, planner.planDestroy(forma)),
      })
      const begun = { command: "destroy", ...command, accepted: labelsAccepted(planned.changes) } as const
      // A key that is lost does not keep a destroy from its work.
      yield* commandRun
        .record(begun, documentOfTargets(forma))
        .pipe(Effect.catchTag("VaultUnavailable", () => commandRun.record(begun, undefined)))
      return yield* commandRun.run("destroy", command, planned, takenUp)
    })
    const result = yield* commandRun.whileRunning(command, destroyed)
    return withNotes(result, [...entered.notes, ...unknown, ...(yield* notes.onOthers(formaName))])
  })
})

const decodeDocument = Schema.decodeUnknownOption(FormaDocument)

/** What a destroy needs to be resumed: its targets, and the care that it says. Undefined where it has none, or not such as a document may have. */
const documentOfTargets = (forma: DestroyedForma): FormaDocument | undefined => {
  const { moved = [], targets = {} } = forma
  if (Object.keys(targets).length === 0) return undefined
  return Option.getOrUndefined(decodeDocument({ targets, resources: caredFor(forma), moved }))
}
