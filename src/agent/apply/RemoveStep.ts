/** Deletes a resource, or stops keeping it where somebody else has it. */
import * as Effect from "effect/Effect"
import type { NativeId } from "../../protocol/Identity.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import { ChangeFailed, vaultFailure } from "../operations/ChangeFailed.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import type { ChangeOperation, ExistingResource } from "../plan/Change.ts"
import { reachOf } from "../plan/ResourceLocation.ts"
import { Inventory } from "../records/Inventory.ts"
import type { StateError } from "../records/StateError.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { deleteOf, workOf } from "./StepOperation.ts"
import type { StepRequest } from "./StepRequest.ts"
import { doneResult, type StepResult } from "./StepResult.ts"

export const makeRemoveStep = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const intents = yield* Intents
  const inventory = yield* Inventory
  const runner = yield* OperationRunner

  /** Who owns a thing by now: a create of this command may have taken it over. */
  const ownersOf = ({ row, sharedWith }: ExistingResource) =>
    inventory.find(row).pipe(
      Effect.map(({ others, own }) => ({
        isGone: own?.nativeId !== row.nativeId,
        isShared: sharedWith !== undefined || others.some(({ place }) => place !== null && place === row.place),
      })),
      Effect.catchTag("InventoryUnreadable", ({ message }) =>
        Effect.fail(
          new ChangeFailed({ reason: { _tag: "Blocked", code: "InventoryUnreadable" }, message, attempts: 0 }),
        ),
      ),
    )

  return Effect.fn("ResourceUpdater.remove")(function* (
    { change, command }: Extract<StepRequest, { _tag: "Remove" }>,
    observe: ProgressObserver,
  ): Effect.fn.Return<StepResult, ChangeFailed | StateError> {
    const { existing, wanted } = change
    if (existing === undefined) return yield* Effect.die(`${change.label} has nothing to delete`)
    const { dependsOn, label, nativeId, place, target, type } = existing.row
    const { isGone, isShared } = yield* ownersOf(existing)
    if (isGone) return nothingDone("noop", nativeId)
    if (isShared || change.operation === "forget") {
      yield* inventory.remove(command.forma, label, nativeId)
      return nothingDone("forget", nativeId)
    }
    const kept = existing.presentConfig ?? reachOf(existing.row, wanted)
    const subject = { label, type, target, targetConfig: kept, place, dependsOn, nativeId }
    const entry = yield* intents
      .makeEntry({ ...command, ...subject, kind: "Delete" }, wanted?.capabilities)
      .pipe(Effect.mapError(vaultFailure))
    const targetConfig = yield* Effect.mapError(configs.open(kept), vaultFailure)
    const work = workOf(command, entry, targetConfig, undefined)
    const next = Effect.succeed(deleteOf(entry, targetConfig, nativeId))
    return doneResult("delete", undefined, yield* runner.run({ ...work, observe, next }))
  })
})

/** Nothing had to be done at the provider. */
const nothingDone = (operation: ChangeOperation, nativeId: NativeId): StepResult =>
  doneResult(operation, undefined, { attempts: 0, crashes: [], finished: { nativeId, properties: {} } })
