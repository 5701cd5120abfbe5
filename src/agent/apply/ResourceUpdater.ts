/** ResourceUpdater: turns one desired change into operations, and records what came of them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { SqlError } from "effect/sql/SqlError"
import { type NativeId, namespaceOf, type OperationId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { type Lookup, resolveReferences } from "../forma/References.ts"
import { secretsGoneMessage } from "../operations/Attention.ts"
import { ChangeFailed, notReached, vaultFailure } from "../operations/ChangeFailed.ts"
import { type Intent, Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import type { Done } from "../operations/RunningOperation.ts"
import { type ChangeOperation, type Change, type Existing, reachOf, type Wanted } from "../plan/Change.ts"
import { compare, updateBasis } from "../plan/Comparison.ts"
import { Inventory, type InventoryRow } from "../records/Inventory.ts"
import type { Crash, JournalEntry } from "../records/JournalEntry.ts"
import { Seals, withoutSecrets } from "../secrets/Seals.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { type CommandOf, createOf, deleteOf, intentOf, workOf } from "./operationOf.ts"

/** What came of one change. */
export interface Settled {
  readonly operation: ChangeOperation
  readonly nativeId: NativeId
  readonly attempts: number
  /** The losses of the plugin that it lived through. */
  readonly crashes: ReadonlyArray<Crash>
  /** What the provider has now; references to the resource are resolved from it. */
  readonly actual: Properties
}

type ChangeEffect<A> = Effect.Effect<A, ChangeFailed | SqlError>

export class ResourceUpdater extends Context.Service<
  ResourceUpdater,
  {
    /** Makes a resource what it should be: creates it, or reads it and updates it if it differs. */
    readonly settle: (
      command: CommandOf,
      change: Change,
      lookup: Lookup,
      observe: ProgressObserver,
    ) => ChangeEffect<Settled>
    /** Deletes a resource. One that is gone already is deleted. */
    readonly remove: (command: CommandOf, change: Change, observe: ProgressObserver) => ChangeEffect<Done>
    /**
     * Takes up an operation that an earlier command has left. Undefined where it
     * has done nothing; `begins` is told before anything is called.
     */
    readonly takeUp: (
      entry: JournalEntry,
      wanted: Wanted | undefined,
      begins: Effect.Effect<void>,
      observe: ProgressObserver,
    ) => ChangeEffect<Done | undefined>
  }
>()("formae/agent/apply/ResourceUpdater") {
  static readonly layerNoDeps = Layer.effect(
    ResourceUpdater,
    Effect.gen(function* () {
      const configs = yield* TargetConfigs
      const coordinator = yield* PluginCoordinator
      const inventory = yield* Inventory
      const intents = yield* Intents
      const reader = yield* ResourceReader
      const runner = yield* OperationRunner
      const seals = yield* Seals

      const record = Effect.fnUntraced(function* (
        { forma }: CommandOf,
        { capabilities, resource: { label, target, type }, targetConfig }: Wanted,
        made: { readonly nativeId: NativeId; readonly desired: Properties; readonly actual: Properties },
        dependsOn: ReadonlyArray<string>,
      ) {
        yield* inventory.put({
          forma,
          label,
          type,
          target,
          targetConfig: yield* Effect.mapError(configs.keep(targetConfig, capabilities), vaultFailure),
          nativeId: made.nativeId,
          desired: yield* Effect.mapError(seals.seal(made.desired, capabilities), vaultFailure),
          actual: withoutSecrets(made.actual, capabilities),
          dependsOn,
        })
      })

      const create = Effect.fn("ResourceUpdater.create")(function* (
        command: CommandOf,
        change: Change,
        wanted: Wanted,
        desired: Properties,
        observe: ProgressObserver,
      ) {
        const { capabilities, targetConfig } = wanted
        const entry = yield* intents
          .entry(intentOf(command, change, wanted, "Create"), capabilities, desired)
          .pipe(Effect.mapError(vaultFailure))
        const next = Effect.succeed(createOf(entry, targetConfig, desired))
        return yield* runner.run({ ...workOf(entry, targetConfig, capabilities, desired), observe, next })
      })

      /** What an update has to send now: it reads, and decides again with the values that are known by then. */
      const updateOf = Effect.fnUntraced(function* (
        row: InventoryRow,
        { capabilities, resource, targetConfig }: Wanted,
        desired: Properties,
      ) {
        const actual = yield* reader.read(row, targetConfig)
        if (actual === undefined) return yield* movedOn(row.label, "it was deleted elsewhere")
        const prior = yield* seals.open(row.desired, desired)
        const difference = compare({ desired, prior, actual, unknown: new Set() }, capabilities)
        if (difference._tag === "Replace") {
          return yield* movedOn(row.label, `${difference.changed.join(", ")} was changed elsewhere`)
        }
        if (difference._tag === "Same") return { _tag: "Same", actual } as const
        return {
          _tag: "Update",
          operationOf: (operationId: OperationId) =>
            Operation.cases.Update.make({
              operationId,
              resourceType: resource.type,
              targetConfig,
              label: resource.label,
              nativeId: row.nativeId,
              desired,
              ...updateBasis({ desired, prior, actual }, capabilities),
            }),
        } as const
      })

      const update = Effect.fn("ResourceUpdater.update")(function* (
        command: CommandOf,
        change: Change,
        wanted: Wanted,
        desired: Properties,
        observe: ProgressObserver,
      ) {
        const row = change.existing?.row
        if (row === undefined) return yield* Effect.die(`${change.label} has nothing to update`)
        const { nativeId } = row
        const { capabilities, targetConfig } = wanted
        const first = yield* updateOf(row, wanted, desired)
        if (first._tag === "Same") {
          const { actual } = first
          yield* record(command, wanted, { nativeId, desired, actual }, change.dependsOn)
          return unchanged(nativeId, actual)
        }
        const entry = yield* intents
          .entry(intentOf(command, change, wanted, "Update"), capabilities, desired)
          .pipe(Effect.mapError(vaultFailure))
        let sent = false
        const next = Effect.suspend((): Effect.Effect<Operation | Succeeded, ChangeFailed> => {
          if (!sent) {
            sent = true
            return Effect.succeed(first.operationOf(entry.operationId))
          }
          return Effect.map(updateOf(row, wanted, desired), (now) =>
            now._tag === "Same"
              ? { status: "Succeeded", attempts: 0, nativeId, properties: now.actual }
              : now.operationOf(entry.operationId),
          )
        })
        return settled(
          "update",
          yield* runner.run({ ...workOf(entry, targetConfig, capabilities, desired), observe, next }),
        )
      })

      /** Nothing is to be done, but what is known of the resource may have changed. */
      const keep = Effect.fn("ResourceUpdater.keep")(function* (
        { dependsOn }: Change,
        { capabilities, resource, targetConfig }: Wanted,
        desired: Properties,
        { actual, prior, row }: Existing & { readonly actual: Properties },
      ) {
        const seen: InventoryRow = {
          ...row,
          target: resource.target,
          targetConfig: yield* Effect.mapError(
            configs.keep(targetConfig, capabilities, row.targetConfig),
            vaultFailure,
          ),
          // A seal is new each time that it is made: one that fits is kept.
          desired: Equal.equals(prior, desired)
            ? row.desired
            : yield* Effect.mapError(seals.seal(desired, capabilities), vaultFailure),
          actual: withoutSecrets(actual, capabilities),
          // A reference can be new although its value is the old one: a destroy goes by the references of now.
          dependsOn,
        }
        if (!Equal.equals(seen, row)) yield* inventory.put(seen)
        return unchanged(row.nativeId, actual)
      })

      return ResourceUpdater.of({
        settle: Effect.fn("ResourceUpdater.settle")(function* (command, change, lookup, observe) {
          const { existing, wanted } = change
          if (wanted === undefined) return yield* Effect.die(`${change.label} is not wanted`)
          const { properties, unknown } = resolveReferences(wanted.resource.properties ?? {}, lookup)
          if (unknown.size > 0) {
            return yield* new ChangeFailed({
              reason: { _tag: "ReferenceUnknown" },
              message: `${[...unknown].join(", ")} refers to a property that its resource does not have`,
              attempts: 0,
            })
          }
          // What is referred to may have become something else than the plan has compared: then it is compared again.
          const asCompared = change.compared !== undefined && Equal.equals(properties, change.compared)
          if (change.operation === "noop" && asCompared && existing?.actual !== undefined) {
            return yield* keep(change, wanted, properties, { ...existing, actual: existing.actual })
          }
          if (change.operation === "update" || change.operation === "noop") {
            return yield* update(command, change, wanted, properties, observe)
          }
          const done = yield* create(command, change, wanted, properties, observe)
          return settled(change.operation === "replace" ? "replace" : "create", done)
        }),
        remove: Effect.fn("ResourceUpdater.remove")(function* (command, change, observe) {
          const { existing, wanted } = change
          if (existing === undefined) return yield* Effect.die(`${change.label} has nothing to delete`)
          const { row } = existing
          const { dependsOn, label, nativeId, target, type } = row
          const reach = reachOf(row, wanted)
          const intent: Intent = {
            ...command,
            kind: "Delete",
            label,
            type,
            target,
            targetConfig: reach,
            dependsOn,
            nativeId,
          }
          const entry = yield* Effect.mapError(intents.entry(intent, wanted?.capabilities), vaultFailure)
          const targetConfig = yield* Effect.mapError(configs.open(reach), vaultFailure)
          const next = Effect.succeed(deleteOf(entry, targetConfig, nativeId))
          return yield* runner.run({ ...workOf(entry, targetConfig, undefined), observe, next })
        }),
        takeUp: Effect.fn("ResourceUpdater.takeUp")(function* (found, wanted, begins, observe) {
          const types = yield* Effect.mapError(coordinator.capabilities(namespaceOf(found.type)), notReached)
          const capabilities = types.get(found.type)
          const kept = yield* Effect.mapError(configs.keep(found.targetConfig, capabilities), vaultFailure)
          const entry = { ...found, targetConfig: kept }
          const targetConfig = yield* Effect.mapError(configs.open(kept), vaultFailure)
          const properties = yield* Effect.result(intents.propertiesOf(entry, wanted?.resource.properties ?? {}))
          const next = Effect.suspend((): Effect.Effect<Operation, ChangeFailed> => {
            if (entry.kind !== "Create") return Effect.die("an update or a delete that was cut off is decided anew")
            if (properties._tag === "Success") return Effect.succeed(createOf(entry, targetConfig, properties.success))
            const { message } = properties.failure
            return Effect.fail(vaultFailure({ message: secretsGoneMessage(entry, message) }))
          })
          const work = workOf(
            entry,
            targetConfig,
            capabilities,
            Result.getOrElse(properties, () => ({})),
          )
          return yield* runner.takeUp({ ...work, begins, observe, next })
        }),
      })
    }),
  )
}

const settled = (operation: ChangeOperation, { attempts, crashes, finished }: Done): Settled => ({
  operation,
  nativeId: finished.nativeId,
  attempts,
  crashes,
  actual: finished.properties,
})

const unchanged = (nativeId: NativeId, actual: Properties): Settled => ({
  operation: "noop",
  nativeId,
  attempts: 0,
  crashes: [],
  actual,
})

/** Something changed between the plan and the step. The next plan sees it. */
const movedOn = (label: string, what: string): ChangeFailed =>
  new ChangeFailed({
    reason: { _tag: "PlanOutdated" },
    message: `${label}: ${what} since the plan was made; apply again`,
    attempts: 0,
  })
