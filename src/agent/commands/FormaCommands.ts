/** What `apply` and `destroy` do once they may change the state: each works on its own forma alone. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import { claimsOfEntries } from "../plan/PlannedClaims.ts"
import { type DestroyedForma, Planner } from "../plan/Planner.ts"
import type { Claimed } from "../records/Claims.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { withNotes } from "./CommandResult.ts"
import { CommandRun } from "./CommandRun.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { Notes } from "./Notes.ts"
import { OpenOperations } from "./OpenOperations.ts"
import { planClaimed } from "./planClaimed.ts"

export const makeFormaCommands = Effect.gen(function* () {
  const commandRun = yield* CommandRun
  const commands = yield* CommandJournal
  const documents = yield* DocumentEntry
  const journal = yield* OperationJournal
  const notes = yield* Notes
  const open = yield* OpenOperations
  const planner = yield* Planner

  const apply = Effect.fnUntraced(function* (forma: Forma, options: CommandOptions, claimed: Claimed) {
    const wanted = yield* planner.check(forma)
    const entered = yield* documents.enter(forma.name, options.document)
    const command = yield* commandRun.begin(forma.name, options)
    const applied = Effect.gen(function* () {
      yield* coverUntilStopped(claimed, claimsOfEntries(yield* journal.listOpen(forma.name)))
      const takenUp = yield* open.takeUp(command, wanted)
      const changes = yield* planClaimed(claimed, planner.plan(forma, wanted, takenUp.blockers))
      yield* documents.remember(forma.name, options.document)
      yield* commands.begin({ command: "apply", ...command }, forma)
      return yield* commandRun.run("apply", command, changes, takenUp)
    })
    const result = yield* commandRun.whileRunning(command, applied)
    return withNotes(result, [...entered.notes, ...(yield* notes.onOthers(forma.name))])
  })

  const destroy = Effect.fnUntraced(function* (forma: DestroyedForma, options: CommandOptions, claimed: Claimed) {
    const { name: formaName } = forma
    const entered = yield* documents.enter(formaName, options.document)
    const command = yield* commandRun.begin(formaName, options)
    const unknown = yield* notes.onUnknownName(formaName)
    const destroyed = Effect.gen(function* () {
      yield* coverUntilStopped(claimed, claimsOfEntries(yield* journal.listOpen(formaName)))
      const takenUp = yield* open.takeUp(command, [])
      const changes = yield* planClaimed(claimed, planner.planDestroy(forma))
      yield* commands.begin({ command: "destroy", ...command }, undefined)
      return yield* commandRun.run("destroy", command, changes, takenUp)
    })
    const result = yield* commandRun.whileRunning(command, destroyed)
    return withNotes(result, [...entered.notes, ...unknown, ...(yield* notes.onOthers(formaName))])
  })

  return { apply, destroy }
})
