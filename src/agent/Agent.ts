/** The agent: applies formae, plans them, destroys what they made, resumes what was cut off, and reports what exists. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId } from "../protocol/Identity.ts"
import type { ChangeObserver } from "./apply/ChangeEvent.ts"
import { ChangeEvents } from "./apply/ChangeEvents.ts"
import { ResourceUpdater } from "./apply/ResourceUpdater.ts"
import type { CommandResult } from "./commands/CommandResult.ts"
import { CommandRun } from "./commands/CommandRun.ts"
import { Notes } from "./commands/Notes.ts"
import { OpenOperations } from "./commands/OpenOperations.ts"
import { inventoryResult, noted, plannedResult, resultOf, settledEntry } from "./commands/Results.ts"
import { type ResumeError, Resumption } from "./commands/Resumption.ts"
import { type OperationName, type OperationNotOpen, Settlement } from "./commands/Settlement.ts"
import type { Forma } from "./forma/Forma.ts"
import type { ChangeFailed } from "./operations/ChangeFailed.ts"
import { ResourceReader } from "./operations/ResourceReader.ts"
import { StopRequests } from "./operations/StopRequests.ts"
import type { Held } from "./plan/Change.ts"
import { Planner } from "./plan/Planner.ts"
import { CommandJournal } from "./records/CommandJournal.ts"
import { CommandLock, type StateInUse } from "./records/CommandLock.ts"
import { Inventory, type InventoryUnreadable } from "./records/Inventory.ts"
import type { JournalEntry } from "./records/JournalEntry.ts"
import type { JournalUnreadable } from "./records/JournalUnreadable.ts"
import { OperationJournal } from "./records/OperationJournal.ts"
import { Seals } from "./secrets/Seals.ts"
import { TargetConfigs } from "./secrets/TargetConfigs.ts"

/** Why a command did nothing. */
export type CommandRefused = ResumeError | StateInUse

/**
 * The plugins of an agent that is gone are gone within a second (P4). Until
 * then one of them may still be doing what nobody has heard of.
 */
const pluginsGoneMillis = 1_000

type Ran = Effect.Effect<CommandResult, CommandRefused>

export class Agent extends Context.Service<
  Agent,
  {
    /** Makes the world as the forma wants it. `observer` is given what happens on the way. */
    readonly apply: (forma: Forma, observer: ChangeObserver) => Ran
    /** What an apply would do. Changes nothing. */
    readonly plan: (forma: Forma) => Ran
    /** Deletes what the forma of this name has made. */
    readonly destroy: (formaName: string, observer: ChangeObserver) => Ran
    /** Continues the commands that were cut off or canceled. What they had done is not done again. */
    readonly resume: (observer: ChangeObserver) => Ran
    /**
     * Asks a command to stop: what it has under way runs to its next safe
     * point, and nothing else is begun. The id is that of its event `Began`.
     * False where no such command runs here.
     */
    readonly stop: (commandId: string) => Effect.Effect<boolean>
    /** Settles a create of which nobody can tell what became: the resource is the one with this native id. */
    readonly adopt: (
      name: OperationName,
      nativeId: NativeId,
    ) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen | ChangeFailed>
    /** Settles a create of which nobody can tell what became: it made nothing. */
    readonly forget: (name: OperationName) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen>
    /** What exists, of all formae, as it was last seen. Asks no provider. */
    readonly inventory: Effect.Effect<CommandResult, InventoryUnreadable | JournalUnreadable | SqlError>
  }
>()("formae/agent/Agent") {
  /** The agent over an updater, a coordinator and its records. */
  static readonly layerNoDeps = Layer.effect(
    Agent,
    Effect.gen(function* () {
      const commandRun = yield* CommandRun
      const commands = yield* CommandJournal
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const lock = yield* CommandLock
      const notes = yield* Notes
      const open = yield* OpenOperations
      const planner = yield* Planner
      const resumption = yield* Resumption
      const settlement = yield* Settlement
      const stops = yield* StopRequests

      /** The state is this command's alone, and no plugin of an earlier one is at work. */
      const hold: Effect.Effect<void, StateInUse | SqlError, Scope.Scope> = Effect.gen(function* () {
        const { takenOver } = yield* lock.hold
        const last = yield* journal.lastWriteOfCutOff
        if (last === undefined) return
        // Nobody knows when a command that was taken over died.
        const since = takenOver ? 0 : (yield* Clock.currentTimeMillis) - last
        yield* Effect.sleep(Math.max(pluginsGoneMillis - since, 0))
      })

      return Agent.of({
        apply: Effect.fn("Agent.apply")(function* (forma, observer) {
          yield* hold
          const wanted = yield* planner.check(forma)
          const resumed = yield* resumption.resumeOthers(forma.name, observer)
          const command = yield* commandRun.begin(forma.name, observer)
          const takenUp = yield* open.takeUp(command, wanted)
          const changes = yield* planner.plan(forma, wanted, takenUp.held)
          yield* commands.begin({ command: "apply", ...command }, forma)
          return noted(yield* commandRun.run("apply", command, changes, takenUp), resumed)
        }, Effect.scoped),
        plan: Effect.fnUntraced(function* (forma) {
          const wanted = yield* planner.check(forma)
          const changes = yield* planner.plan(forma, wanted, needingAttention(yield* journal.open(forma.name)))
          const result = resultOf("plan", changes.map(plannedResult))
          return noted(result, [...(yield* notes.onUnknownName(forma.name)), ...(yield* notes.onUnfinished)])
        }),
        destroy: Effect.fn("Agent.destroy")(function* (formaName, observer) {
          yield* hold
          const resumed = yield* resumption.resumeOthers(formaName, observer)
          const command = yield* commandRun.begin(formaName, observer)
          const takenUp = yield* open.takeUp(command, [])
          const changes = yield* planner.planDestroy(formaName)
          const unknown = yield* notes.onUnknownName(formaName)
          yield* commands.begin({ command: "destroy", ...command }, undefined)
          return noted(yield* commandRun.run("destroy", command, changes, takenUp), [...unknown, ...resumed])
        }, Effect.scoped),
        resume: Effect.fn("Agent.resume")(function* (observer) {
          yield* hold
          return yield* resumption.resumeAll(observer)
        }, Effect.scoped),
        stop: stops.request,
        adopt: Effect.fn("Agent.adopt")(function* (name, nativeId) {
          yield* lock.hold
          return resultOf("adopt", [settledEntry(yield* settlement.adopt(name, nativeId))])
        }, Effect.scoped),
        forget: Effect.fn("Agent.forget")(function* (name) {
          yield* lock.hold
          return resultOf("forget", [settledEntry(yield* settlement.forget(name))])
        }, Effect.scoped),
        inventory: Effect.gen(function* () {
          const rows = yield* inventory.list()
          return noted(resultOf("inventory", rows.map(inventoryResult)), yield* notes.onUnfinished)
        }),
      })
    }),
  ).pipe(
    Layer.provide([Resumption.layerNoDeps, Settlement.layerNoDeps, Notes.layerNoDeps]),
    Layer.provide([CommandRun.layerNoDeps, OpenOperations.layerNoDeps, Planner.layerNoDeps]),
    Layer.provide(ResourceReader.layer),
    Layer.provide([Seals.layer, TargetConfigs.layer]),
  )

  /** The agent over a coordinator and a store. */
  static readonly layer = this.layerNoDeps.pipe(
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provide([ChangeEvents.layer, StopRequests.layer]),
    Layer.provide([OperationJournal.layer, CommandJournal.layer]),
    Layer.provide([Inventory.layer, CommandLock.layer]),
  )
}

/** What a plan must not count on: whether it exists is for a human to say. */
const needingAttention = (entries: ReadonlyArray<JournalEntry>): Held =>
  new Map(
    entries.flatMap(({ failure, label, status }) =>
      status === "NeedsAttention" && failure !== null ? [[label, failure] as const] : [],
    ),
  )
