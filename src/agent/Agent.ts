/** The agent: applies formae, plans them, destroys what they have created, resumes what was cut off, and reports what exists. */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type * as Stream from "effect/Stream"
import type { NativeId } from "../protocol/Identity.ts"
import type { ChangeEvent } from "./apply/ChangeEvent.ts"
import { ChangeEvents } from "./apply/ChangeEvents.ts"
import { inventoryResult, plannedResult } from "./apply/ResourceResult.ts"
import { ResourceUpdater } from "./apply/ResourceUpdater.ts"
import { type CommandResult, makeCommandResult, withNotes } from "./commands/CommandResult.ts"
import type { CommandOptions } from "./commands/CommandOptions.ts"
import { CommandRun } from "./commands/CommandRun.ts"
import { type CommandFinished, commandStream } from "./commands/commandStream.ts"
import { settledEntry } from "./commands/EntryResult.ts"
import { withWatch } from "./commands/CommandWatch.ts"
import { Notes } from "./commands/Notes.ts"
import { OpenOperations } from "./commands/OpenOperations.ts"
import { type ResumeError, Resumption } from "./commands/Resumption.ts"
import type { OperationName, OperationNotOpen } from "./commands/OperationNotOpen.ts"
import { Settlement } from "./commands/Settlement.ts"
import type { Forma } from "./forma/Forma.ts"
import type { ChangeFailed } from "./operations/ChangeFailed.ts"
import { CanonicalForms } from "./operations/CanonicalForms.ts"
import { ResourceReader } from "./operations/ResourceReader.ts"
import { StopRequests } from "./operations/StopRequests.ts"
import type { Blockers } from "./plan/Change.ts"
import { Planner } from "./plan/Planner.ts"
import { Claims } from "./records/Claims.ts"
import { CommandJournal } from "./records/CommandJournal.ts"
import { CommandLock } from "./records/CommandLock.ts"
import { Inventory, type InventoryUnreadable } from "./records/Inventory.ts"
import type { JournalEntry } from "./records/JournalEntry.ts"
import type { JournalUnreadable } from "./records/JournalUnreadable.ts"
import { OperationJournal } from "./records/OperationJournal.ts"
import type { StateInUse } from "./records/StateInUse.ts"
import { Seals } from "./secrets/Seals.ts"
import { TargetConfigs } from "./secrets/TargetConfigs.ts"
import type { Vault } from "./store/Vault.ts"
import type { PluginCoordinator } from "./supervision/PluginCoordinator.ts"

/** Why a command could not make its changes. */
export type CommandRefused = ResumeError | StateInUse

type CommandEffect = Effect.Effect<CommandResult, CommandRefused>

/**
 * Runs commands on formae. A change that fails does not fail its command: the
 * failure is in the result. A command fails if it cannot begin its changes:
 *
 * - `FormaInvalid`: the forma has a mistake.
 * - `NamespaceUnknown`: no plugin serves a namespace of the forma.
 * - the errors of `PluginUnavailable`: a plugin of the forma cannot be used now.
 * - `StateInUse`: another command is changing the same state.
 * - `InventoryUnreadable`, `JournalUnreadable`: a row of the state is not valid.
 * - `VaultUnavailable`: secrets cannot be locked or opened.
 * - `SqlError`: the state cannot be read or written. This can also happen later;
 *   the changes that are under way then run to their ends first.
 */
export class Agent extends Context.Service<
  Agent,
  {
    /**
     * Creates, updates and deletes resources until they are as the forma wants
     * them. First resumes what was cut off.
     */
    readonly apply: (forma: Forma, options?: CommandOptions) => CommandEffect
    /** `apply` as a stream of its events, which ends with its result. To stop reading is to interrupt the apply. */
    readonly applyStream: (
      forma: Forma,
      options?: Omit<CommandOptions, "observe">,
    ) => Stream.Stream<ChangeEvent | CommandFinished, CommandRefused>
    /** What `apply` would do. Reads from providers, and changes nothing. */
    readonly plan: (forma: Forma) => CommandEffect
    /** Deletes everything that the forma with this name has created. First resumes what was cut off. */
    readonly destroy: (formaName: string, options?: CommandOptions) => CommandEffect
    /** Resumes the commands that were cut off or canceled. What they have done is not done again. */
    readonly resume: (options?: CommandOptions) => CommandEffect
    /**
     * Asks a command to stop: it runs what is under way to the next safe point,
     * and begins nothing else. Its id is in its event `Began`. False where no
     * such command is running here.
     */
    readonly stop: (commandId: string) => Effect.Effect<boolean>
    /**
     * Settles a create whose end only a human can find out: it has created the
     * resource with this native id. Fails with `OperationNotOpen` where there is
     * no such create, or no such resource, and with `ChangeFailed` where the
     * resource cannot be read.
     */
    readonly adopt: (
      name: OperationName,
      nativeId: NativeId,
    ) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen | ChangeFailed>
    /**
     * Settles an operation whose end only a human can find out: it has done
     * nothing. Fails with `OperationNotOpen` where there is no such operation.
     */
    readonly forget: (name: OperationName) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen>
    /** The events of all commands from now on, for as long as the scope is open. They are kept until they are taken. */
    readonly events: Effect.Effect<Queue.Dequeue<ChangeEvent, Cause.Done>, never, Scope.Scope>
    /** The resources of all formae as they were last read. Does not read from providers. */
    readonly inventory: Effect.Effect<CommandResult, InventoryUnreadable | JournalUnreadable | SqlError>
  }
>()("formae/agent/Agent") {
  /** The agent over an updater, a coordinator and its records. */
  static readonly layerNoDeps = Layer.effect(
    Agent,
    Effect.gen(function* () {
      const claims = yield* Claims
      const commandRun = yield* CommandRun
      const commands = yield* CommandJournal
      const events = yield* ChangeEvents
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const lock = yield* CommandLock
      const notes = yield* Notes
      const open = yield* OpenOperations
      const planner = yield* Planner
      const resumption = yield* Resumption
      const settlement = yield* Settlement
      const stops = yield* StopRequests

      /** Takes the lock, and waits until no plugin of an earlier agent is working any more. */
      const hold = Effect.fnUntraced(function* ({ stopWhen = Effect.never, whenInUse = "wait" }: CommandOptions) {
        // A command that is asked to stop waits no longer for its turn.
        yield* Effect.raceFirst(claims.claim(whenInUse), Effect.andThen(stopWhen, claims.claim("refuse")))
        const { takenOver } = yield* lock.hold
        const last = yield* journal.lastCutOffAt
        if (last === undefined) return
        // If the lock was taken over, it is not known when its last owner died.
        const since = takenOver ? 0 : (yield* Clock.currentTimeMillis) - last
        yield* Effect.sleep(Math.max(pluginExitMillis - since, 0))
      })

      const apply = Effect.fn("Agent.apply")(function* (forma: Forma, options: CommandOptions) {
        yield* hold(options)
        const wanted = yield* planner.check(forma)
        const resumed = yield* resumption.resumeOthers(forma.name, options)
        const command = yield* commandRun.begin(forma.name, options)
        const takenUp = yield* open.takeUp(command, wanted)
        const changes = yield* planner.plan(forma, wanted, takenUp.blockers)
        yield* commands.begin({ command: "apply", ...command }, forma)
        return withNotes(yield* commandRun.run("apply", command, changes, takenUp), resumed)
      })

      const destroy = Effect.fn("Agent.destroy")(function* (formaName: string, options: CommandOptions) {
        yield* hold(options)
        const resumed = yield* resumption.resumeOthers(formaName, options)
        const command = yield* commandRun.begin(formaName, options)
        const takenUp = yield* open.takeUp(command, [])
        const changes = yield* planner.planDestroy(formaName)
        const unknown = yield* notes.onUnknownName(formaName)
        yield* commands.begin({ command: "destroy", ...command }, undefined)
        return withNotes(yield* commandRun.run("destroy", command, changes, takenUp), [...unknown, ...resumed])
      })

      const resume = Effect.fn("Agent.resume")(function* (options: CommandOptions) {
        yield* hold(options)
        return yield* resumption.resumeAll(options)
      })

      return Agent.of({
        apply: (forma, options = {}) => withWatch(options, (watched) => apply(forma, watched)),
        applyStream: (forma, options) =>
          commandStream((observe) => withWatch({ ...options, observe }, (watched) => apply(forma, watched))),
        plan: Effect.fnUntraced(function* (forma) {
          const wanted = yield* planner.check(forma)
          const changes = yield* planner.plan(forma, wanted, needingAttention(yield* journal.listOpen(forma.name)))
          const result = makeCommandResult("plan", changes.map(plannedResult))
          return withNotes(result, [...(yield* notes.onUnknownName(forma.name)), ...(yield* notes.onUnfinished)])
        }),
        destroy: (formaName, options = {}) => withWatch(options, (watched) => destroy(formaName, watched)),
        resume: (options = {}) => withWatch(options, resume),
        stop: stops.request,
        adopt: Effect.fn("Agent.adopt")(function* (name, nativeId) {
          yield* claims.claim("wait")
          yield* lock.hold
          return makeCommandResult("adopt", [settledEntry(yield* settlement.adopt(name, nativeId))])
        }, Effect.scoped),
        forget: Effect.fn("Agent.forget")(function* (name) {
          yield* claims.claim("wait")
          yield* lock.hold
          return makeCommandResult("forget", [settledEntry(yield* settlement.forget(name))])
        }, Effect.scoped),
        events: events.subscribe,
        inventory: Effect.gen(function* () {
          const rows = yield* inventory.list()
          return withNotes(makeCommandResult("inventory", rows.map(inventoryResult)), yield* notes.onUnfinished)
        }),
      })
    }),
  ).pipe(
    Layer.provide([Resumption.layerNoDeps, Settlement.layerNoDeps, Notes.layerNoDeps]),
    Layer.provide([CommandRun.layerNoDeps, OpenOperations.layerNoDeps, Planner.layerNoDeps]),
    Layer.provide([ResourceReader.layerNoDeps, CanonicalForms.layerNoDeps]),
    Layer.provide([Seals.layerNoDeps, TargetConfigs.layerNoDeps]),
  )

  /** The agent over a coordinator and a store. */
  static readonly layer: Layer.Layer<Agent, never, PluginCoordinator | SqlClient | Vault> = this.layerNoDeps.pipe(
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provide([ChangeEvents.layer, StopRequests.layer]),
    Layer.provide([
      Inventory.layer,
      OperationJournal.layer,
      CommandJournal.layerNoDeps,
      CommandLock.layer,
      Claims.layer,
    ]),
  )
}

/** The plugins of an agent that is gone exit within a second. Until then, one of them may still be working. */
const pluginExitMillis = 1_000

/** The resources that need a human: only a human can find out whether they exist. */
const needingAttention = (entries: ReadonlyArray<JournalEntry>): Blockers =>
  new Map(
    entries.flatMap(({ failure, label, status }) =>
      status === "NeedsAttention" && failure !== null ? [[label, failure] as const] : [],
    ),
  )
