/** Resumes commands that were cut off or canceled. What they have done is not done again. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type { ChangeEvent } from "../apply/ChangeEvent.ts"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { FormaInvalid } from "../forma/FormaDocument.ts"
import type { Blockers } from "../plan/Change.ts"
import { claimsOfEntries } from "../plan/PlannedClaims.ts"
import { Planner } from "../plan/Planner.ts"
import { askedByRepair } from "../records/Asked.ts"
import type { Claimed, ClaimOptions } from "../records/Claimed.ts"
import { CommandJournal, type CommandEntry } from "../records/CommandJournal.ts"
import type { OnlyRefused } from "../plan/OnlyRefused.ts"
import type { ResourcesProtected } from "../plan/Protection.ts"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { isStateError, type StateError } from "../records/StateError.ts"
import type { VaultUnavailable } from "../store/Vault.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { begunLabels } from "./begunLabels.ts"
import { commandErrorOf } from "./CommandError.ts"
import { type CommandResult, makeCommandResult, withNotes } from "./CommandResult.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { CommandRun } from "./CommandRun.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"
import { Note } from "./Note.ts"
import { Notes } from "./Notes.ts"
import { OpenOperations } from "./OpenOperations.ts"
import { makeLeftToNext } from "./leftToNext.ts"
import { planClaimed } from "./planClaimed.ts"
import { blockedBy, driftBlockers, failuresOf, forgottenIn, repairBlockers } from "./ResumeBlockers.ts"
import { type Selection, type Unfinished, UnfinishedWork } from "./UnfinishedWork.ts"

/** Why a command cannot be resumed now. */
export type ResumeError =
  | FormaInvalid
  | InventoryUnreadable
  | ResourcesProtected
  | JournalUnreadable
  | NamespaceUnknown
  | OnlyRefused
  | PluginUnavailable
  | StateError
  | VaultUnavailable

/** How a resume is run, and what it is limited to. `commandId` is that of the command to resume. */
export interface ResumeOptions extends CommandOptions, Selection {}

type ResumeOnBoard = ResumeOptions & Pick<ClaimOptions, "claimant">

export class Resumption extends Context.Service<
  Resumption,
  {
    /**
     * Names what is unfinished by events, and then resumes it. A command that
     * cannot be resumed does not stop the others, whatever is wrong with it.
     * Claims the resources of one command after the other. Fails only if nothing
     * at all could be resumed.
     */
    readonly resume: (options: ResumeOnBoard, claimed: Claimed) => Effect.Effect<CommandResult, ResumeError>
  }
>()("formae/agent/commands/Resumption") {
  static readonly layerNoDeps = Layer.effect(
    Resumption,
    Effect.gen(function* () {
      const events = yield* ChangeEvents
      const notesOf = yield* Notes
      const unfinishedWork = yield* UnfinishedWork

      /** An observer is called here, because it observes the events of a command only once that has begun. */
      const announce = (one: Unfinished, { observe = () => Effect.void }: CommandOptions) => {
        const event = resumingOf(one)
        return Effect.andThen(events.publish(event), observe(event))
      }

      const { orLeave } = yield* makeLeftToNext
      const { resumeCommand, takeUpRest } = yield* makeContinuations

      const resumeOne = (one: Unfinished, options: ResumeOnBoard, claimed: Claimed) =>
        (one.command === undefined
          ? takeUpRest(one, options, claimed)
          : resumeCommand(one.command, options, claimed)
        ).pipe(
          Effect.map((resources): ReadonlyArray<ResourceResult> =>
            resources.map((each) => ({ ...each, forma: one.forma })),
          ),
          orLeave(options.claimant?.commandId),
          Effect.exit,
          // If the state cannot be written, nothing can be resumed. An interruption is for all of them.
          Effect.tap((exit) => (isForAll(exit) ? Effect.asVoid(exit) : Effect.void)),
        )

      return Resumption.of({
        resume: Effect.fn("Resumption.resume")(function* (options, claimed) {
          const { unreadable, work } = yield* unfinishedWork.list(options)
          yield* Effect.forEach(work, (one) => announce(one, options), { discard: true })
          const ended = yield* Effect.forEach(work, (one) =>
            Effect.map(resumeOne(one, { ...options, commandId: undefined }, claimed), (exit) => ({ one, exit })),
          )
          const refused = ended.flatMap(({ exit, one }) => (Exit.isFailure(exit) ? [{ one, cause: exit.cause }] : []))
          const done = ended.flatMap(({ exit }) => (Exit.isSuccess(exit) ? [exit.value] : []))
          const [first] = refused
          if (first !== undefined && done.length === 0) return yield* Effect.failCause(first.cause)
          const [damaged] = unreadable
          if (damaged !== undefined && done.length === 0) return yield* damaged
          const result = makeCommandResult("resume", done.flat())
          const notes = [
            ...refused.map(({ cause, one }) => notResumed(one, cause)),
            ...unreadable.map((error) => Note.cases.JournalDamaged.make({ error: commandErrorOf(error) })),
          ]
          const isLimited = options.forma !== undefined || options.commandId !== undefined
          const others = isLimited ? yield* notesOf.onOthers(options.forma) : []
          return withNotes(notes.length === 0 ? result : { ...result, status: "failed" }, [...notes, ...others])
        }),
      })
    }),
  )
}

/** How the work of one forma is continued. */
const makeContinuations = Effect.gen(function* () {
  const commands = yield* CommandJournal
  const commandRun = yield* CommandRun
  const journal = yield* OperationJournal
  const open = yield* OpenOperations
  const planner = yield* Planner

  const coverOpen = (claimed: Claimed, forma: string) =>
    Effect.flatMap(journal.listOpen(forma), (entries) => coverUntilStopped(claimed, claimsOfEntries(entries)))

  const resumeCommand = Effect.fnUntraced(function* (one: CommandEntry, options: ResumeOnBoard, claimed: Claimed) {
    const command = yield* commandRun.begin(one.forma, options, one.commandId)
    const continued = Effect.gen(function* () {
      const entries = yield* journal.listByCommand(one.commandId)
      const forgotten = forgottenIn(entries)
      if (one.command === "destroy") {
        // Without the key, its targets are reached as they are stored, which a target without secrets allows.
        const document = yield* Effect.orElseSucceed(commands.documentOf(one), () => undefined)
        const targets = document?.targets ?? {}
        yield* coverOpen(claimed, one.forma)
        const takenUp = yield* open.takeUp(command, [], targets)
        const planned = yield* planClaimed(claimed, planner.planDestroy({ ...document, name: one.forma }))
        const stopped = new Map([...driftBlockers(one.forma, planned, one.accepted ?? []), ...forgotten])
        return yield* commandRun.run(one.command, command, blockedBy(planned, stopped), takenUp)
      }
      const document = yield* commands.documentOf(one)
      if (document === undefined) {
        const reason = "it is an apply without its document"
        return yield* new JournalUnreadable({ table: "commands", id: one.commandId, reason })
      }
      yield* coverOpen(claimed, one.forma)
      const forma = { ...document, name: one.forma }
      const wanted = yield* planner.check(forma)
      const outputs = yield* planner.outputs(forma)
      const begun = begunLabels(one)
      const labels = begun && [...forma.resources, ...(yield* journal.listOpen(one.forma))].map(({ label }) => label)
      const takenUp = yield* open.takeUp(command, wanted, forma.targets, labels && new Set(labels.filter(begun)))
      const failures = failuresOf(yield* journal.listByCommand(one.commandId))
      const blockers: Blockers = new Map([...failures, ...takenUp.blockers, ...forgotten])
      const planned = yield* planClaimed(
        claimed,
        planner.plan(forma, wanted, blockers, { command: command.commandId, begun }),
      )
      // What is not wanted any more has no blocker in the plan.
      const stopped = new Map([
        ...(one.askedBy === askedByRepair ? repairBlockers(planned) : []),
        ...driftBlockers(one.forma, planned, one.accepted ?? []),
        ...forgotten,
      ])
      return yield* commandRun.run(one.command, command, blockedBy(planned, stopped), takenUp, outputs)
    })
    return (yield* commandRun.whileRunning(command, continued)).resources
  }, Effect.scoped)

  /** Takes up what a command that has ended left open, for example because a plugin was unavailable. */
  const takeUpRest = Effect.fnUntraced(function* (
    { commandId, forma }: Unfinished,
    options: ResumeOnBoard,
    claimed: Claimed,
  ) {
    const command = yield* commandRun.begin(forma, options, commandId)
    const takenUp = Effect.andThen(coverOpen(claimed, forma), open.takeUp(command, undefined))
    const { results } = yield* commandRun.whileRunning(command, takenUp)
    return [...results.values()]
  }, Effect.scoped)

  return { resumeCommand, takeUpRest }
})

const resumingOf = ({ command, commandId, forma, open }: Unfinished): ChangeEvent => ({
  _tag: "Resuming",
  commandId,
  forma,
  what: command?.command ?? "operations",
  ...(command === undefined ? {} : { startedAt: command.startedAt }),
  ended: command === undefined ? "left open" : command.status === "canceled" ? "canceled" : "cut off",
  open,
})

const isForAll = (exit: Exit.Exit<unknown, Pick<ResumeError, "_tag">>): boolean =>
  Exit.isFailure(exit) &&
  (Cause.hasInterrupts(exit.cause) ||
    exit.cause.reasons.some((reason) => Cause.isFailReason(reason) && isStateError(reason.error)))

const notResumed = ({ command, forma }: Unfinished, cause: Cause.Cause<ResumeError>): Note => {
  const failure = cause.reasons.find(Cause.isFailReason)
  const error =
    failure === undefined ? { code: "Defect", message: messageOf(Cause.squash(cause)) } : commandErrorOf(failure.error)
  return Note.cases.NotResumed.make({ forma, ...(command === undefined ? {} : { command: command.command }), error })
}

const messageOf = (defect: unknown): string => (Predicate.isError(defect) ? defect.message : String(defect))
