/** ResourceUpdater: turns one desired change into operations, and records what came of them. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { NativeId, namespaceOf, OperationId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Finished, Succeeded } from "../../protocol/Progress.ts"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { Inventory, type InventoryRow } from "../store/Inventory.ts"
import type { ChangeOperation } from "./CommandResult.ts"
import { compare, updateBasis } from "./Comparison.ts"
import { type Change, type Existing, reachOf, type Wanted } from "./Plan.ts"
import { type Lookup, resolveReferences } from "./References.ts"
import { Seals, withoutSecrets } from "./Sealed.ts"

/** One change was not made, and why. */
export class ChangeFailed extends Schema.TaggedError<ChangeFailed>("formae/agent/resources/ChangeFailed")(
  "ChangeFailed",
  {
    /** A provider's error code, or the name of the condition that came before it. */
    code: Schema.String,
    message: Schema.String,
    attempts: Schema.Int,
    nativeId: Schema.optionalKey(NativeId),
  },
) {}

/** What came of one change. */
export interface Settled {
  readonly operation: ChangeOperation
  readonly nativeId: NativeId
  readonly attempts: number
  /** What the provider has now; references to the resource are resolved from it. */
  readonly actual: Properties
}

type ChangeEffect<A> = Effect.Effect<A, ChangeFailed | SqlError>

export class ResourceUpdater extends Context.Service<
  ResourceUpdater,
  {
    /** What the provider has of a resource of the inventory, or undefined if it is gone. */
    readonly read: (
      row: InventoryRow,
      targetConfig: TargetConfig,
    ) => Effect.Effect<Properties | undefined, ChangeFailed>
    /** Makes a resource what it should be: creates it, or reads it and updates it if it differs. */
    readonly settle: (forma: string, change: Change, lookup: Lookup, observe: ProgressObserver) => ChangeEffect<Settled>
    /** Deletes a resource. One that is gone already is deleted. */
    readonly remove: (change: Change, observe: ProgressObserver) => ChangeEffect<{ readonly attempts: number }>
  }
>()("formae/agent/resources/ResourceUpdater") {
  static readonly layerNoDeps = Layer.effect(
    ResourceUpdater,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const inventory = yield* Inventory
      const seals = yield* Seals
      const random = yield* SecureRandom.SecureRandom

      const newOperationId = Effect.map(random.uuidV7(), (id) => OperationId.make(id))

      const perform = Effect.fnUntraced(
        function* (resourceUri: string, operation: Operation, observe: ProgressObserver) {
          const operator = yield* coordinator.operator({
            namespace: namespaceOf(operation.resourceType),
            resourceUri,
            operation: operation._tag,
            operationId: operation.operationId,
          })
          return yield* operator.perform(operation, observe)
        },
        Effect.mapError((error) => new ChangeFailed({ code: error._tag, message: error.message, attempts: 0 })),
      )

      const read = Effect.fn("ResourceUpdater.read")(function* (row: InventoryRow, targetConfig: TargetConfig) {
        const finished = yield* perform(
          uriOf(row),
          Operation.cases.Read.make({
            operationId: yield* newOperationId,
            resourceType: row.type,
            targetConfig,
            label: row.label,
            nativeId: row.nativeId,
          }),
          () => Effect.void,
        )
        if (finished.status === "Succeeded") return finished.properties
        if (finished.failure.code === "NotFound") return undefined
        return yield* changeFailed(finished)
      })

      const record = Effect.fnUntraced(function* (
        forma: string,
        { capabilities, resource, targetConfig }: Wanted,
        made: { readonly nativeId: NativeId; readonly desired: Properties; readonly actual: Properties },
        dependsOn: ReadonlyArray<string>,
      ) {
        yield* inventory.put({
          forma,
          label: resource.label,
          type: resource.type,
          target: resource.target,
          targetConfig,
          nativeId: made.nativeId,
          desired: yield* seals.seal(made.desired, capabilities),
          actual: withoutSecrets(made.actual, capabilities),
          dependsOn,
        })
      })

      const create = Effect.fn("ResourceUpdater.create")(function* (
        forma: string,
        change: Change,
        wanted: Wanted,
        desired: Properties,
        observe: ProgressObserver,
      ) {
        const { label, type } = wanted.resource
        const operation = Operation.cases.Create.make({
          operationId: yield* newOperationId,
          resourceType: type,
          targetConfig: wanted.targetConfig,
          label,
          properties: desired,
        })
        let told: NativeId | undefined
        let kept: NativeId | undefined
        /** What exists in part must not be lost: the next apply finds it, and so does a destroy. */
        const keepPart = Effect.fnUntraced(function* (nativeId: NativeId | undefined) {
          if (nativeId === undefined || nativeId === kept) return
          yield* record(forma, wanted, { nativeId, desired: {}, actual: {} }, change.dependsOn)
          kept = nativeId
        })
        // Before the operation goes on, for nobody may hear of it again. What can not be kept now is tried again at its end.
        const keepAndObserve: ProgressObserver = (progress) => {
          told = progress.nativeId ?? told
          return Effect.andThen(Effect.ignore(Effect.uninterruptible(keepPart(told))), observe(progress))
        }
        // Once the provider has answered, no interruption comes between the answer and its record.
        return yield* Effect.uninterruptibleMask((restore) =>
          restore(perform(`${forma}/${label}`, operation, keepAndObserve)).pipe(
            Effect.flatMap(succeededOnly),
            Effect.matchEffect({
              onSuccess: (finished) =>
                Effect.as(
                  record(
                    forma,
                    wanted,
                    { nativeId: finished.nativeId, desired, actual: finished.properties },
                    change.dependsOn,
                  ),
                  settled(change.operation === "replace" ? "replace" : "create", finished),
                ),
              onFailure: ({ attempts, code, message, nativeId = told }) =>
                Effect.andThen(
                  keepPart(nativeId),
                  Effect.fail(
                    new ChangeFailed({ code, message, attempts, ...(nativeId === undefined ? {} : { nativeId }) }),
                  ),
                ),
            }),
          ),
        )
      })

      const update = Effect.fn("ResourceUpdater.update")(function* (
        forma: string,
        change: Change,
        wanted: Wanted,
        desired: Properties,
        observe: ProgressObserver,
      ) {
        const existing = change.existing
        if (existing === undefined) return yield* Effect.die(`${change.label} has nothing to update`)
        const { row } = existing
        const { capabilities, resource, targetConfig } = wanted
        const actual = yield* read(row, targetConfig)
        if (actual === undefined) return yield* movedOn(change.label, "it was deleted elsewhere")
        const prior = yield* seals.open(row.desired, desired)
        const difference = compare({ desired, prior, actual, unknown: new Set() }, capabilities)
        if (difference._tag === "Replace") {
          return yield* movedOn(change.label, `${difference.changed.join(", ")} was changed elsewhere`)
        }
        if (difference._tag === "Same") {
          yield* record(forma, wanted, { nativeId: row.nativeId, desired, actual }, change.dependsOn)
          return { operation: "noop", nativeId: row.nativeId, attempts: 0, actual } satisfies Settled
        }
        const finished = yield* perform(
          uriOf(row),
          Operation.cases.Update.make({
            operationId: yield* newOperationId,
            resourceType: resource.type,
            targetConfig,
            label: resource.label,
            nativeId: row.nativeId,
            desired,
            ...updateBasis({ desired, prior, actual }, capabilities),
          }),
          observe,
        )
        if (finished.status === "Failed") return yield* changeFailed(finished)
        yield* record(
          forma,
          wanted,
          { nativeId: finished.nativeId, desired, actual: finished.properties },
          change.dependsOn,
        )
        return settled("update", finished)
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
          targetConfig,
          // A seal is new each time that it is made: one that fits is kept.
          desired: Equal.equals(prior, desired) ? row.desired : yield* seals.seal(desired, capabilities),
          actual: withoutSecrets(actual, capabilities),
          // A reference can be new although its value is the old one: a destroy goes by the references of now.
          dependsOn,
        }
        if (!Equal.equals(seen, row)) yield* inventory.put(seen)
        return { operation: "noop", nativeId: row.nativeId, attempts: 0, actual } satisfies Settled
      })

      return ResourceUpdater.of({
        read,
        settle: Effect.fn("ResourceUpdater.settle")(function* (forma, change, lookup, observe) {
          const { existing, wanted } = change
          if (wanted === undefined) return yield* Effect.die(`${change.label} is not wanted`)
          const { properties, unknown } = resolveReferences(wanted.resource.properties ?? {}, lookup)
          if (unknown.size > 0) {
            return yield* new ChangeFailed({
              code: "InvalidRequest",
              message: `${[...unknown].join(", ")} refers to a property that its resource does not have`,
              attempts: 0,
            })
          }
          // What is referred to may have become something else than the plan has compared: then it is compared again.
          const asCompared = change.compared !== undefined && Equal.equals(properties, change.compared)
          if (change.operation === "noop" && asCompared && existing?.actual !== undefined) {
            return yield* keep(change, wanted, properties, { ...existing, actual: existing.actual })
          }
          return change.operation === "update" || change.operation === "noop"
            ? yield* update(forma, change, wanted, properties, observe)
            : yield* create(forma, change, wanted, properties, observe)
        }),
        remove: Effect.fn("ResourceUpdater.remove")(function* ({ existing, label, wanted }, observe) {
          if (existing === undefined) return yield* Effect.die(`${label} has nothing to delete`)
          const { row } = existing
          const finished = yield* perform(
            uriOf(row),
            Operation.cases.Delete.make({
              operationId: yield* newOperationId,
              resourceType: row.type,
              targetConfig: reachOf(row, wanted),
              label,
              nativeId: row.nativeId,
            }),
            observe,
          )
          if (finished.status === "Failed") return yield* changeFailed(finished)
          yield* inventory.remove(row.forma, row.label)
          return { attempts: finished.attempts }
        }),
      })
    }),
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide([Seals.layer, SecureRandom.layerWebCrypto]))
}

const uriOf = ({ forma, label }: InventoryRow): string => `${forma}/${label}`

const settled = (operation: ChangeOperation, { attempts, nativeId, properties }: Succeeded): Settled => ({
  operation,
  nativeId,
  attempts,
  actual: properties,
})

const changeFailed = ({ attempts, failure, nativeId }: Extract<Finished, { status: "Failed" }>): ChangeFailed =>
  new ChangeFailed({ ...failure, attempts, ...(nativeId === undefined ? {} : { nativeId }) })

const succeededOnly = (finished: Finished): Effect.Effect<Succeeded, ChangeFailed> =>
  finished.status === "Failed" ? Effect.fail(changeFailed(finished)) : Effect.succeed(finished)

/** Something changed between the plan and the step. The next plan sees it. */
const movedOn = (label: string, what: string): ChangeFailed =>
  new ChangeFailed({
    code: "ResourceConflict",
    message: `${label}: ${what} since the plan was made; apply again`,
    attempts: 0,
  })
