/** Brings a resource that exists to what is wanted, or records that it is. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { SqlError } from "effect/sql/SqlError"
import type { OperationId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { ChangeFailed, vaultFailure } from "../operations/ChangeFailed.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import type { Change, Existing, Wanted } from "../plan/Change.ts"
import { compare, updateBasis } from "../plan/Comparison.ts"
import { Inventory, type InventoryRow } from "../records/Inventory.ts"
import { Seals, withoutSecrets } from "../secrets/Seals.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import type { CommandRef } from "./CommandRef.ts"
import { intentOf, workOf } from "./operationOf.ts"
import type { StepResult } from "./StepRequest.ts"
import { resultOf } from "./stepResults.ts"

/** A change of a resource that exists and is wanted. */
export interface ResourceUpdate {
  readonly command: CommandRef
  readonly change: Change
  readonly wanted: Wanted
  readonly existing: Existing
  /** What is wanted, references resolved. */
  readonly desired: Properties
}

/** What has to be sent now. */
type Due =
  | { readonly _tag: "Nothing"; readonly actual: Properties }
  | { readonly _tag: "Update"; readonly operationOf: (operationId: OperationId) => Operation }

export const makeResourceUpdate = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const inventory = yield* Inventory
  const intents = yield* Intents
  const reader = yield* ResourceReader
  const runner = yield* OperationRunner
  const seals = yield* Seals

  /** Records a resource as it was found. Nothing is written where nothing is new. */
  const record = Effect.fnUntraced(function* (
    { change: { dependsOn }, desired, existing: { prior, row }, wanted }: ResourceUpdate,
    actual: Properties,
  ) {
    const { capabilities, resource, targetConfig } = wanted
    const seen: InventoryRow = {
      ...row,
      target: resource.target,
      targetConfig: yield* Effect.mapError(configs.keep(targetConfig, capabilities, row.targetConfig), vaultFailure),
      // A seal is new each time that it is made: one that fits is kept.
      desired: Equal.equals(prior, desired)
        ? row.desired
        : yield* Effect.mapError(seals.seal(desired, capabilities), vaultFailure),
      actual: withoutSecrets(actual, capabilities),
      // A reference can be new although its value is the old one: a destroy goes by the references of now.
      dependsOn,
    }
    if (!Equal.equals(seen, row)) yield* inventory.put(seen)
    return resultOf("noop", wanted.capabilities, {
      attempts: 0,
      crashes: [],
      finished: { nativeId: row.nativeId, properties: actual },
    })
  })

  /** Reads the resource, and decides again with the values that are known by then. */
  const whatIsDue = Effect.fnUntraced(function* ({
    desired,
    existing: { row },
    wanted: { capabilities, resource, targetConfig },
  }: ResourceUpdate): Effect.fn.Return<Due, ChangeFailed> {
    const actual = yield* reader.read(row, targetConfig)
    if (actual === undefined) return yield* planOutdated(row.label, "it was deleted elsewhere")
    const prior = yield* seals.open(row.desired, desired)
    const difference = compare({ desired, prior, actual, unknown: new Set() }, capabilities)
    if (difference._tag === "Replace") {
      return yield* planOutdated(row.label, `${difference.changed.join(", ")} was changed elsewhere`)
    }
    if (difference._tag === "Same") return { _tag: "Nothing", actual }
    return {
      _tag: "Update",
      operationOf: (operationId) =>
        Operation.cases.Update.make({
          operationId,
          resourceType: resource.type,
          targetConfig,
          label: resource.label,
          nativeId: row.nativeId,
          desired,
          ...updateBasis({ desired, prior, actual }, capabilities),
        }),
    }
  })

  const update = Effect.fn("ResourceUpdater.update")(function* (
    request: ResourceUpdate,
    observe: ProgressObserver,
  ): Effect.fn.Return<StepResult, ChangeFailed | SqlError> {
    const { change, command, desired, existing, wanted } = request
    const { nativeId } = existing.row
    const { capabilities, targetConfig } = wanted
    const first = yield* whatIsDue(request)
    if (first._tag === "Nothing") return yield* record(request, first.actual)
    const entry = yield* intents
      .entry(intentOf(command, change, wanted, "Update"), capabilities, desired)
      .pipe(Effect.mapError(vaultFailure))
    let sent = false
    const next = Effect.suspend((): Effect.Effect<Operation | Succeeded, ChangeFailed> => {
      if (!sent) {
        sent = true
        return Effect.succeed(first.operationOf(entry.operationId))
      }
      return Effect.map(whatIsDue(request), (now) =>
        now._tag === "Nothing"
          ? { status: "Succeeded", attempts: 0, nativeId, properties: now.actual }
          : now.operationOf(entry.operationId),
      )
    })
    const work = workOf(command, entry, targetConfig, capabilities, desired)
    return resultOf("update", capabilities, yield* runner.run({ ...work, observe, next }))
  })

  return { record, update }
})

/** Something changed between the plan and the step. The next plan sees it. */
const planOutdated = (label: string, what: string): ChangeFailed =>
  new ChangeFailed({
    reason: { _tag: "PlanOutdated" },
    message: `${label}: ${what} since the plan was made; apply again`,
    attempts: 0,
  })
