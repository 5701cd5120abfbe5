/** The agent: applies formae, plans them, destroys what they have created, resumes what was cut off, and reports what exists. */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type * as Stream from "effect/Stream"
import type { NativeId } from "../protocol/Identity.ts"
import { type AgentRecords, layerRecords } from "./AgentRecords.ts"
import type { ChangeEvent } from "./apply/ChangeEvent.ts"
import { ChangeEvents } from "./apply/ChangeEvents.ts"
import { ResourceUpdater } from "./apply/ResourceUpdater.ts"
import type { CommandRefused } from "./commands/CommandRefused.ts"
import type { CommandResult } from "./commands/CommandResult.ts"
import type { CommandOptions } from "./commands/CommandOptions.ts"
import { layerParts } from "./AgentParts.ts"
import { type ListCommandsOfAgent, makeCommandListing } from "./commands/CommandListing.ts"
import { makeCommandsInTurn } from "./commands/CommandsInTurn.ts"
import { type CommandFinished, commandStream } from "./commands/commandStream.ts"
import { type AgentImports, makeImports } from "./commands/AgentImports.ts"
import { makeDriftListing } from "./commands/DriftListing.ts"
import { makeFormaPlan } from "./commands/FormaPlan.ts"
import { type InventoryStream, makeInventoryListing } from "./commands/InventoryListing.ts"
import { type ListOutputs, makeOutputListing } from "./commands/OutputListing.ts"
import { withWatch } from "./commands/CommandWatch.ts"
import type { MoveRefused } from "./commands/MoveRefused.ts"
import type { ReadError } from "./commands/ReadError.ts"
import type { ResourceName, ResourceNotFound } from "./commands/ResourceNotFound.ts"
import { makeResourceReport, type ResourceReport } from "./commands/ResourceReport.ts"
import type { ResumeOptions } from "./commands/Resumption.ts"
import type { OperationName, OperationNotOpen } from "./commands/OperationNotOpen.ts"
import { makeStateCommands } from "./commands/StateCommands.ts"
import { makeRepair } from "./commands/Repair.ts"
import { makeSync, type SyncError, type SyncOptions } from "./commands/Sync.ts"
import type { Forma } from "./forma/Forma.ts"
import type { ChangeFailed } from "./operations/ChangeFailed.ts"
import { StopRequests } from "./operations/StopRequests.ts"
import type { DestroyedForma } from "./plan/DestroyedForma.ts"
import type { RowSelection } from "./records/pagesOfRows.ts"
import type { StateLock } from "./store/StateLock.ts"
import type { Vault } from "./store/Vault.ts"
import type { PluginCoordinator } from "./supervision/PluginCoordinator.ts"

/**
 * Runs commands on formae. A change that fails does not fail its command: the
 * failure is in the result. A command fails if it cannot begin its changes:
 *
 * - `FormaInvalid`: the forma has a mistake. `ResourcesProtected`: something protected would be deleted or replaced.
 * - `OnlyRefused`: it cannot be limited to the labels of `CommandOptions.only`.
 * - `DriftNotAccepted`: something with `drift: ask` was changed elsewhere, and would be overwritten or deleted.
 * - `NamespaceUnknown`: no plugin serves a namespace of the forma.
 * - the errors of `PluginUnavailable`: a plugin of the forma cannot be used now.
 * - `DocumentConflict`: another document has the resources of this name.
 * - `NotConfirmed`: `CommandOptions.confirm` has said no. `PlanOutdated`: `CommandOptions.expected` is not what would be done.
 * - `StateInUse`: another agent, or a command that must not run side by side with this one, is changing the state.
 * - `StateTaken`: this agent was paused or cut off, and another one has taken the state over. What it wrote until then stays.
 * - `InventoryUnreadable`, `JournalUnreadable`: a row of the state is not valid.
 * - `VaultUnavailable`: secrets cannot be locked or opened.
 * - `AgentUnreachable`: the agent is in another process, and does not answer.
 * - `SqlError`: the state cannot be read or written. This can also happen later;
 *   the changes that are under way then run to their ends first.
 *
 * @example
 * ```ts
 * import * as NodeServices from "@effect/platform-node/NodeServices"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { Agent, PluginCoordinator, readForma, Store } from "formae/agent"
 *
 * const layerAgent = Agent.layer.pipe(
 *   Layer.provide([PluginCoordinator.layerProcesses(["./plugins"]), Store.layerFile("state.db")]),
 *   Layer.provide(NodeServices.layer),
 * )
 *
 * const program = Effect.gen(function* () {
 *   const agent = yield* Agent
 *   const { forma } = yield* readForma("targets: {}\nresources: []", "empty")
 *   const { status } = yield* agent.apply(forma)
 *   return status
 * }).pipe(Effect.provide(layerAgent))
 * ```
 */
export class Agent extends Context.Service<
  Agent,
  AgentImports & {
    /**
     * Creates, updates and deletes resources until they are as the forma wants
     * them. First finishes the operations that earlier commands of the same forma
     * have left. Of other formae it touches nothing: a note of the result says
     * what is unfinished there. If it is interrupted, it counts as canceled,
     * unless `whenInterrupted` says otherwise.
     */
    readonly apply: (forma: Forma, options?: CommandOptions) => Effect.Effect<CommandResult, CommandRefused>
    /** `apply` as a stream of its events, which ends with its result. If you stop reading it, the apply is interrupted. */
    readonly applyStream: (
      forma: Forma,
      options?: Omit<CommandOptions, "observe">,
    ) => Stream.Stream<ChangeEvent | CommandFinished, CommandRefused>
    /** What `apply` would do. Reads from providers, and changes nothing. */
    readonly plan: (
      forma: Forma,
      options?: Pick<CommandOptions, "document" | "only">,
    ) => Effect.Effect<CommandResult, CommandRefused>
    /**
     * Deletes everything that the forma has created, and reaches it by the targets
     * that are given, where they name the same place. As `apply`, it touches
     * nothing of other formae.
     */
    readonly destroy: (
      forma: string | DestroyedForma,
      options?: CommandOptions,
    ) => Effect.Effect<CommandResult, CommandRefused>
    /**
     * Resumes the commands that were cut off or canceled, and finishes what ended
     * ones have left open. What they have done is not done again. An event
     * `Resuming` names each before anything is done. With `forma` or `commandId`,
     * it is limited to that forma or command.
     */
    readonly resume: (options?: ResumeOptions) => Effect.Effect<CommandResult, CommandRefused>
    /**
     * Asks a command to stop: it runs what is under way to the next safe point,
     * and begins nothing else. One that still waits for another command of this
     * agent fails with `StateInUse`. Its id is in its events, and in `commands`.
     * False where no such command is running here.
     */
    readonly stop: (commandId: string) => Effect.Effect<boolean>
    /** The commands that run or wait, and those of the journal, the newest first. Fails with `SqlError` where the state cannot be read. */
    readonly commands: ListCommandsOfAgent
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
     * nothing. Only an apply of its forma begins it again. Fails with
     * `OperationNotOpen` where there is no such operation.
     */
    readonly forget: (name: OperationName) => Effect.Effect<CommandResult, CommandRefused | OperationNotOpen>
    /**
     * Reads resources from their providers, and records what was read beside what
     * is wanted. Its result has those that differ, and those that cannot be read.
     * It changes nothing at a provider, and no command waits for it: what a
     * command is changing is left out, and a note says so. Its reads go on side
     * by side with commands, a few at a time. Fails with `SyncError` where the
     * state cannot be read or written, and where a name in the options means nothing.
     */
    readonly sync: (options?: SyncOptions) => Effect.Effect<CommandResult, SyncError>
    /** What differs from what was wanted last, as syncs have found it. Does not read from providers. Fails with `ResourceNotFound` where a name in the selection means nothing. */
    readonly drift: (selection?: RowSelection) => Effect.Effect<CommandResult, ReadError | ResourceNotFound>
    /** The outputs of documents, as their last applies have given them. Reads from no provider. */
    readonly outputs: ListOutputs
    /**
     * Gives a resource another label in the state, as its document says from now
     * on: nothing is asked of a provider. What depends on it follows, and so does
     * its history. Fails with `ResourceNotFound` where no resource is meant, and
     * with `MoveRefused` where it cannot have the label now.
     */
    readonly move: (
      name: ResourceName,
      to: string,
    ) => Effect.Effect<CommandResult, CommandRefused | ResourceNotFound | MoveRefused>
    /** What the state knows of a resource. Fails with `ResourceNotFound` where no resource is meant. Does not read from providers. */
    readonly show: (name: ResourceName) => Effect.Effect<ResourceReport, ReadError | ResourceNotFound>
    /** The events of all commands from now on, for as long as the scope is open. They are kept until they are taken. */
    readonly events: Effect.Effect<Queue.Dequeue<ChangeEvent, Cause.Done>, never, Scope.Scope>
    /** The resources of all formae as they were last read. Does not read from providers. */
    readonly inventory: Effect.Effect<CommandResult, ReadError>
    /** `inventory` for more resources than there is memory for: they are read page by page. Fails at once where a row is not valid. */
    readonly inventoryStream: Effect.Effect<InventoryStream, ReadError>
  }
>()("formae/agent/Agent") {
  /** The agent over an updater, a coordinator and its records. */
  static readonly layerNoDeps = Layer.effect(
    Agent,
    Effect.gen(function* () {
      const events = yield* ChangeEvents
      const { apply, destroy, resume } = yield* makeCommandsInTurn
      const listing = yield* makeInventoryListing
      const plan = yield* makeFormaPlan
      const show = yield* makeResourceReport
      const stateCommands = yield* makeStateCommands
      const stops = yield* StopRequests

      const applyWatched = (forma: Forma, options: CommandOptions = {}) =>
        withWatch(options, (watched) => apply(forma, watched))

      const resumeWatched = (options: ResumeOptions = {}) =>
        withWatch(options, (watched) => resume({ ...options, ...watched }))

      return Agent.of({
        apply: applyWatched,
        applyStream: (forma, options) =>
          commandStream((observe) => withWatch({ ...options, observe }, (watched) => apply(forma, watched))),
        plan,
        destroy: (forma, options = {}) =>
          withWatch(options, (watched) => destroy(typeof forma === "string" ? { name: forma } : forma, watched)),
        resume: resumeWatched,
        stop: stops.request,
        commands: yield* makeCommandListing,
        ...stateCommands,
        show,
        events: events.subscribe,
        sync: yield* makeSync(yield* makeRepair(applyWatched, resumeWatched)),
        drift: yield* makeDriftListing,
        ...(yield* makeImports),
        outputs: yield* makeOutputListing,
        ...listing,
      })
    }),
  ).pipe(Layer.provide(layerParts))

  /**
   * All that `layerNoDeps` and `ResourceUpdater.layerNoDeps` need, except a
   * coordinator and the vault. A host with an updater of its own makes its agent
   * from these parts:
   *
   *     Agent.layerNoDeps.pipe(
   *       Layer.provide(layerUpdater),
   *       Layer.provide(Agent.layerRecords),
   *       Layer.provide([layerCoordinator, Store.layerFile("state.db")]),
   *     )
   */
  static readonly layerRecords: Layer.Layer<AgentRecords, never, SqlClient | StateLock | Vault> = layerRecords

  /**
   * The agent over a coordinator and a store. Effect builds a layer once for
   * each program, whatever is provided to it: a second agent, on another state,
   * is `Layer.fresh` of all of its layers.
   */
  static readonly layer: Layer.Layer<Agent, never, PluginCoordinator | SqlClient | StateLock | Vault> =
    this.layerNoDeps.pipe(Layer.provide(ResourceUpdater.layerNoDeps), Layer.provide(this.layerRecords))
}
