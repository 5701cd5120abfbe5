/** The agent: applies formae, plans them, destroys what they made, goes on with what was cut off, and tells what there is. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId } from "../protocol/Identity.ts"
import type { ChangeObserver } from "./apply/ChangeEvent.ts"
import { runChangeset } from "./apply/Changeset.ts"
import { ResourceUpdater } from "./apply/ResourceUpdater.ts"
import type { NamespaceUnknown } from "./catalog/NamespaceUnknown.ts"
import type { CommandResult } from "./commands/CommandResult.ts"
import {
  type Named,
  OpenOperations,
  type OperationNotOpen,
  settledResult,
  type TakenUp,
} from "./commands/OpenOperations.ts"
import { inventoryResult, plannedResult, resultOf, withTakenUp } from "./commands/Results.ts"
import type { Forma, FormaInvalid } from "./forma/Forma.ts"
import type { ChangeFailed } from "./operations/ChangeFailed.ts"
import { Intents } from "./operations/Intents.ts"
import { OperationRunner } from "./operations/OperationRunner.ts"
import { ResourceReader } from "./operations/ResourceReader.ts"
import { type Change, type Held, summaryOf } from "./plan/Change.ts"
import { Planner } from "./plan/Planner.ts"
import { CommandJournal, type JournalCommand } from "./records/CommandJournal.ts"
import { CommandLock, type StateInUse } from "./records/CommandLock.ts"
import { Inventory, type InventoryUnreadable } from "./records/Inventory.ts"
import type { JournalEntry } from "./records/JournalEntry.ts"
import type { JournalUnreadable } from "./records/JournalUnreadable.ts"
import { OperationJournal } from "./records/OperationJournal.ts"
import { Seals } from "./secrets/Seals.ts"
import { TargetConfigs } from "./secrets/TargetConfigs.ts"
import type { VaultUnavailable } from "./store/Vault.ts"
import type { PluginUnavailable } from "./supervision/PluginUnavailable.ts"

/** Why a command did nothing. */
export type CommandRefused =
  | FormaInvalid
  | NamespaceUnknown
  | PluginUnavailable
  | StateInUse
  | InventoryUnreadable
  | JournalUnreadable
  | VaultUnavailable
  | SqlError

/**
 * The plugins of an agent that is gone are gone within a second (P4). Until
 * then one of them may still be doing what nobody has heard of.
 */
const pluginsGoneMillis = 1_000

type Commanded = Effect.Effect<CommandResult, CommandRefused>

export class Agent extends Context.Service<
  Agent,
  {
    /** Makes the world as the forma wants it. `observe` is told what happens on the way. */
    readonly apply: (forma: Forma, observe: ChangeObserver) => Commanded
    /** What an apply would do. Changes nothing. */
    readonly plan: (forma: Forma) => Commanded
    /** Deletes what the forma of this name has made. */
    readonly destroy: (formaName: string, observe: ChangeObserver) => Commanded
    /** Goes on with the commands that were cut off or canceled. What they had done is not done again. */
    readonly resume: (observe: ChangeObserver) => Commanded
    /** Settles a create of which nobody can tell what became of it: the resource is the one with this native id. */
    readonly adopt: (
      named: Named,
      nativeId: NativeId,
    ) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen | ChangeFailed>
    /** Settles a create of which nobody can tell what became of it: it made nothing. */
    readonly forget: (named: Named) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen>
    /** What there is, of all formae, as it was last seen. Asks no provider. */
    readonly inventory: Effect.Effect<CommandResult, InventoryUnreadable | JournalUnreadable | SqlError>
  }
>()("formae/agent/Agent") {
  static readonly layerNoDeps = Layer.effect(
    Agent,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const lock = yield* CommandLock
      const open = yield* OpenOperations
      const planner = yield* Planner
      const updater = yield* ResourceUpdater

      /** The state is this command's alone, and no plugin of an earlier one is at work. */
      const hold: Effect.Effect<void, StateInUse | SqlError, Scope.Scope> = Effect.gen(function* () {
        const { takenOver } = yield* lock.hold
        const last = yield* journal.lastWriteOfCutOff
        if (last === undefined) return
        // Of a command that was taken over nobody knows when it died.
        const since = takenOver ? 0 : (yield* Clock.currentTimeMillis) - last
        yield* Effect.sleep(Math.max(pluginsGoneMillis - since, 0))
      })

      /** Where others have resources and this one has none, its name may be a mistake. */
      const noteOn = Effect.fnUntraced(function* (formaName: string) {
        // A courtesy: what is wrong in the rows of others is no reason to refuse.
        const rows = yield* Effect.orElseSucceed(inventory.list(), () => [])
        const names = [...new Set(rows.map(({ forma }) => forma))]
        if (names.length === 0 || names.includes(formaName)) return []
        const known = names.join(", ")
        return [`the forma ${formaName} has made no resources; the inventory has resources of: ${known}`]
      })

      /** What was cut off, for whoever only looks. */
      const noteOnUnfinished = Effect.gen(function* () {
        if (yield* lock.isHeld) return []
        const unfinished = yield* commands.unfinished
        return unfinished.map(
          ({ command, forma, startedAt, status }) =>
            `the ${command} of ${forma} of ${new Date(startedAt).toISOString()} was ${status === "canceled" ? "canceled" : "cut off"}: "formae resume" goes on with it`,
        )
      })

      /** Runs what was planned, as a command of the journal. */
      const run = Effect.fnUntraced(function* (
        { command, commandId, forma }: Pick<JournalCommand, "command" | "commandId" | "forma">,
        changes: ReadonlyArray<Change>,
        takenUp: TakenUp,
        observe: ChangeObserver,
      ) {
        yield* observe({ _tag: "Planned", changes: changes.map(summaryOf) })
        const done = yield* runChangeset({ commandId, forma }, changes, observe).pipe(
          Effect.provideService(ResourceUpdater, updater),
        )
        const result = resultOf(command, withTakenUp(done, takenUp.results))
        yield* commands.end(commandId, endOf(result.status))
        return result
      })

      /** What failed for certain before a command was cut off: it is not tried again, and neither is what needs it. */
      const failedIn = Effect.fnUntraced(function* (commandId: string) {
        const failed = new Map<string, { readonly code: string; readonly message: string }>()
        for (const { failure, label, settled, status } of yield* journal.ofCommand(commandId)) {
          if (status === "Failed" && settled && failure !== null) failed.set(label, failure)
          else failed.delete(label)
        }
        return failed
      })

      const resumeOne = Effect.fnUntraced(function* (one: JournalCommand, observe: ChangeObserver) {
        const document = yield* commands.documentOf(one)
        const forma = document && { ...document, name: one.forma }
        const wanted = forma && (yield* planner.check(forma))
        const takenUp = yield* open.takeUp(one.forma, wanted ?? [], observe)
        if (forma === undefined || wanted === undefined) {
          return yield* run(one, yield* planner.planDestroy(one.forma), takenUp, observe)
        }
        const held: Held = new Map([...(yield* failedIn(one.commandId)), ...takenUp.held])
        return yield* run(one, yield* planner.plan(forma, wanted, held), takenUp, observe)
      })

      /** What commands of other formae were doing when they were cut off. One that can not be gone on with stays as it is. */
      const resumeOthers = Effect.fnUntraced(function* (formaName: string, observe: ChangeObserver) {
        const cutOff = (yield* commands.unfinished).filter(
          ({ forma, status }) => forma !== formaName && status === "running",
        )
        const notes = yield* Effect.forEach(cutOff, (one) =>
          Effect.match(resumeOne(one, observe), {
            onSuccess: ({ resources, status }) =>
              `the ${one.command} of ${one.forma}, which had been cut off, was gone on with: ${status}, ${resources.length} resources`,
            onFailure: (error) => notResumed(one, error),
          }),
        )
        return notes
      })

      return Agent.of({
        apply: Effect.fn("Agent.apply")(function* (forma, observe) {
          yield* hold
          const wanted = yield* planner.check(forma)
          const notes = yield* resumeOthers(forma.name, observe)
          const takenUp = yield* open.takeUp(forma.name, wanted, observe)
          const changes = yield* planner.plan(forma, wanted, takenUp.held)
          const commandId = yield* commands.begin("apply", forma.name, forma)
          const result = yield* run({ command: "apply", commandId, forma: forma.name }, changes, takenUp, observe)
          return noted(result, notes)
        }, Effect.scoped),
        plan: Effect.fnUntraced(function* (forma) {
          const wanted = yield* planner.check(forma)
          const changes = yield* planner.plan(forma, wanted, needingAttention(yield* journal.open(forma.name)))
          const notes = [...(yield* noteOn(forma.name)), ...(yield* noteOnUnfinished)]
          return noted(resultOf("plan", changes.map(plannedResult)), notes)
        }),
        destroy: Effect.fn("Agent.destroy")(function* (formaName, observe) {
          yield* hold
          const notes = yield* resumeOthers(formaName, observe)
          const takenUp = yield* open.takeUp(formaName, [], observe)
          const changes = yield* planner.planDestroy(formaName)
          const known = yield* noteOn(formaName)
          const commandId = yield* commands.begin("destroy", formaName, undefined)
          const result = yield* run({ command: "destroy", commandId, forma: formaName }, changes, takenUp, observe)
          return noted(result, [...known, ...notes])
        }, Effect.scoped),
        resume: Effect.fn("Agent.resume")(function* (observe) {
          yield* hold
          const unfinished = yield* commands.unfinished
          const resumed = yield* Effect.forEach(unfinished, (one) =>
            resumeOne(one, observe).pipe(
              Effect.result,
              // A state that can not be written is no matter of one command.
              Effect.tap((result) =>
                result._tag === "Failure" && result.failure._tag === "SqlError"
                  ? Effect.fail(result.failure)
                  : Effect.void,
              ),
              Effect.map((result) => ({ one, result })),
            ),
          )
          const refused = resumed.flatMap(({ one, result }) =>
            result._tag === "Failure" ? [{ one, error: result.failure }] : [],
          )
          const done = resumed.flatMap(({ one, result }) =>
            result._tag === "Success" ? [result.success.resources.map((each) => ({ ...each, forma: one.forma }))] : [],
          )
          // What a command that has ended has left, because its plugin was not there.
          const formae = new Set((yield* journal.open()).map(({ forma }) => forma))
          const left = yield* Effect.forEach(
            [...formae].filter((forma) => unfinished.every((one) => one.forma !== forma)),
            (forma) =>
              Effect.map(open.takeUp(forma, [], observe), ({ results }) =>
                [...results.values()].map((result) => ({ ...result, forma })),
              ),
          )
          const [first] = refused
          if (first !== undefined && done.length === 0 && left.length === 0) return yield* first.error
          const result = resultOf("resume", [...done.flat(), ...left.flat()])
          const notes = refused.map(({ error, one }) => notResumed(one, error))
          return noted(refused.length === 0 ? result : { ...result, status: "failed" }, notes)
        }, Effect.scoped),
        adopt: Effect.fn("Agent.adopt")(function* (named, nativeId) {
          yield* lock.hold
          return resultOf("adopt", [settledResult(yield* open.adopt(named, nativeId))])
        }, Effect.scoped),
        forget: Effect.fn("Agent.forget")(function* (named) {
          yield* lock.hold
          return resultOf("forget", [settledResult(yield* open.forget(named))])
        }, Effect.scoped),
        inventory: Effect.gen(function* () {
          const rows = yield* inventory.list()
          const notes = yield* noteOnUnfinished
          return noted(resultOf("inventory", rows.map(inventoryResult)), notes)
        }),
      })
    }),
  )

  /** The agent over a coordinator, on what it records. */
  static readonly layerOnRecords = this.layerNoDeps.pipe(
    Layer.provide([Planner.layer, OpenOperations.layerNoDeps]),
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provide([ResourceReader.layer, OperationRunner.layer, Intents.layer]),
    Layer.provide([Seals.layer, TargetConfigs.layer]),
  )

  /** The agent over a coordinator and a store. */
  static readonly layer = this.layerOnRecords.pipe(
    Layer.provide([OperationJournal.layer, CommandJournal.layer]),
    Layer.provide([Inventory.layer, CommandLock.layer]),
  )
}

const endOf = (status: CommandResult["status"]) => (status === "failed" || status === "canceled" ? status : "succeeded")

const noted = (result: CommandResult, notes: ReadonlyArray<string>): CommandResult =>
  notes.length === 0 ? result : { ...result, note: notes.join("\n") }

/** One that can not be gone on with stays as it is, and does not stand in the way of others. */
const notResumed = (
  { command, forma }: Pick<JournalCommand, "command" | "forma">,
  { message }: { readonly message: string },
): string => `the ${command} of ${forma} can not be gone on with now: ${message}`

/** What a plan must not count on: whether it exists is for a human to say. */
const needingAttention = (entries: ReadonlyArray<JournalEntry>): Held =>
  new Map(
    entries.flatMap(({ failure, label, status }) =>
      status === "NeedsAttention" && failure !== null ? [[label, failure] as const] : [],
    ),
  )
