/** The operations whose end is not known: the next command of their forma takes them up. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { namespaceOf } from "../../protocol/Identity.ts"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import type { CommandRef } from "../apply/CommandRef.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { ResourceUpdater } from "../apply/ResourceUpdater.ts"
import { wholeMillisSince } from "../apply/wholeMillisSince.ts"
import type { Forma } from "../forma/Forma.ts"
import { leftOut } from "../operations/Attention.ts"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import { StopRequests } from "../operations/StopRequests.ts"
import { type Blockers, summaryOfEntry, type WantedResource } from "../plan/Change.ts"
import { hasMoved } from "../plan/ResourceLocation.ts"
import { makePresentConfig } from "../plan/PresentConfig.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { isChosenBy } from "./OnlyCheck.ts"
import { failedEntry, leftEntry, succeededEntry } from "./EntryResult.ts"

export interface TakeUpResult {
  /** The results of the operations, by label. */
  readonly results: ReadonlyMap<string, ResourceResult>
  /** The operations that are still open. Their resources must not be touched. */
  readonly blockers: Blockers
}

export class OpenOperations extends Context.Service<
  OpenOperations,
  {
    /**
     * Finishes the operations that earlier commands of the same forma have left,
     * as far as possible. Their targets are reached by the configs in `wanted`,
     * which is undefined where it is not known what the document wants. What is
     * not wanted is reached by the targets of the document, where they name the
     * same place.
     * Of an apply that is limited, only those of `chosen` are taken up: the others
     * stay open, and are blockers.
     * Fails with `StateError` where the state cannot be read or written, and with
     * `InventoryUnreadable` or `JournalUnreadable` where a row is not valid.
     */
    readonly takeUp: (
      command: CommandRef,
      wanted: ReadonlyArray<WantedResource> | undefined,
      targets?: Forma["targets"],
      chosen?: ReadonlySet<string>,
    ) => Effect.Effect<TakeUpResult, StateError | InventoryUnreadable | JournalUnreadable>
  }
>()("formae/agent/commands/OpenOperations") {
  static readonly layerNoDeps = Layer.effect(
    OpenOperations,
    Effect.gen(function* () {
      const configs = yield* TargetConfigs
      const coordinator = yield* PluginCoordinator
      const events = yield* ChangeEvents
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const stops = yield* StopRequests
      const updater = yield* ResourceUpdater
      const presentConfigOf = yield* makePresentConfig

      /** An operation with the config that reaches its target now. Its secrets are locked, as those of the stored one are. */
      const withPresentConfig = Effect.fnUntraced(function* (
        entry: JournalEntry,
        wanted: WantedResource | undefined,
        targets: Forma["targets"],
      ) {
        if (wanted !== undefined && !hasMoved(entry, wanted)) return entry
        const config = yield* presentConfigOf(entry, targets)
        if (config === undefined) return entry
        const types = yield* coordinator.capabilities(namespaceOf(entry.type))
        const targetConfig = yield* configs.lock(config, types.get(entry.type), entry.targetConfig)
        return { ...entry, targetConfig }
      })

      const takeUpOne = Effect.fnUntraced(function* (
        command: CommandRef,
        found: JournalEntry,
        wanted: WantedResource | undefined,
        unwanted: ReadonlyArray<string>,
        targets: Forma["targets"],
      ) {
        const change = summaryOfEntry(found)
        if (yield* stops.isRequested(command.commandId)) return leftEntry(found)
        const entry = yield* Effect.orElseSucceed(withPresentConfig(found, wanted, targets), () => found)
        const startedAt = yield* Clock.currentTimeMillis
        const ended = yield* updater
          .run({ _tag: "TakeUp", command, entry, unwanted, ...(wanted === undefined ? {} : { wanted }) })
          .pipe(Effect.catchTag("ChangeFailed", Effect.succeed))
        if (ended._tag === "NothingDone") return undefined
        const durationMillis = yield* wholeMillisSince(startedAt)
        const result =
          ended._tag === "Done"
            ? succeededEntry(change, ended, durationMillis)
            : failedEntry(change, ended, durationMillis)
        yield* events.publish({ _tag: "Finished", ...command, result })
        return result
      })

      return OpenOperations.of({
        takeUp: Effect.fn("OpenOperations.takeUp")(function* (command, wanted, targets = {}, chosen) {
          const byLabel = new Map(wanted?.map((one) => [one.resource.label, one]))
          const isChosen = isChosenBy(chosen)
          const open = (yield* journal.listOpen(command.forma)).filter(isChosen)
          const rows = open.length === 0 || wanted === undefined ? [] : yield* inventory.list(command.forma)
          const unwanted = rows.flatMap(({ label }) => (byLabel.has(label) ? [] : [label]))
          const results = yield* Effect.forEach(
            open,
            (found) => takeUpOne(command, found, byLabel.get(found.label), unwanted, targets),
            { concurrency: maxConcurrent },
          )
          const ended = new Map(
            results.flatMap((result) => (result === undefined ? [] : [[result.label, result] as const])),
          )
          const stillOpen = yield* journal.listOpen(command.forma)
          const blockers = stillOpen.flatMap((entry) => {
            const { failure, label } = entry
            if (!isChosen(entry)) return [[label, changeErrorOf(leftOut(entry))] as const]
            const error = ended.get(label)?.error ?? failure
            return error === null ? [] : [[label, error] as const]
          })
          return { results: ended, blockers: new Map(blockers) }
        }),
      })
    }),
  )
}

/** How many operations are taken up at the same time. */
const maxConcurrent = 32

/** The resources that need a human: only a human can find out whether they exist. */
export const needingAttention = (entries: ReadonlyArray<JournalEntry>): Blockers =>
  new Map(
    entries.flatMap(({ failure, label, status }) =>
      status === "NeedsAttention" && failure !== null ? [[label, failure] as const] : [],
    ),
  )
