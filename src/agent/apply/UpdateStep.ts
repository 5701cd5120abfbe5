/** Updates a resource that exists, or records that it is already as wanted. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { Operation } from "../../protocol/Operation.ts"
import { textsIn } from "../../protocol/Masking.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { ChangeFailed, vaultFailure } from "../operations/ChangeFailed.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import { exactPathsOf } from "../../protocol/exactPathsOf.ts"
import { careFor } from "../records/Care.ts"
import { Inventory, type InventoryRow } from "../records/Inventory.ts"
import { hasDrift } from "../records/LastRead.ts"
import { ownedMessage } from "../records/OwnedElsewhere.ts"
import type { StateError } from "../records/StateError.ts"
import { isSeal, Seals, withoutSecrets } from "../secrets/Seals.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { makeFreshComparison } from "./FreshComparison.ts"
import { intentOf, workOf } from "./StepOperation.ts"
import { doneResult, type StepResult } from "./StepResult.ts"
import type { UpdateRequest } from "./UpdateRequest.ts"

export const makeUpdateStep = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const inventory = yield* Inventory
  const intents = yield* Intents
  const compareAgain = yield* makeFreshComparison
  const runner = yield* OperationRunner
  const seals = yield* Seals

  /** Records a resource as it was found. Writes nothing if nothing is new. */
  const record = Effect.fnUntraced(function* (
    { change: { dependsOn }, desired, existing: { prior, row }, wanted }: UpdateRequest,
    actual: Properties,
  ) {
    const { capabilities, resource, targetConfig } = wanted
    const { care: _, lastRead, ...others } = row
    // What a sync has read stays known, unless it is no longer so.
    const kept = lastRead === undefined || hasDrift(lastRead) ? others : { ...others, lastRead }
    const found: InventoryRow = {
      ...kept,
      target: resource.target,
      targetConfig: yield* Effect.mapError(configs.lock(targetConfig, capabilities, row.targetConfig), vaultFailure),
      // Each seal of the same value is different, so a seal that fits is kept.
      desired: Equal.equals(prior, desired)
        ? row.desired
        : yield* Effect.mapError(seals.seal(desired, capabilities), vaultFailure),
      actual: withoutSecrets(actual, capabilities),
      // A reference can be new although its value is not: a destroy follows the present references.
      dependsOn,
      exactPaths: exactPathsOf(capabilities),
      ...careFor(resource),
    }
    if (!Equal.equals(found, row)) {
      yield* inventory.put(found).pipe(
        // A row of before 0.2.0, whose thing another label has: it stays without a place, and so is never taken for the owner.
        Effect.catchTag("OwnedElsewhere", () => inventory.put({ ...found, place: null })),
        Effect.catchTag("OwnedElsewhere", Effect.die),
      )
    }
    const finished = { nativeId: row.nativeId, properties: actual }
    return doneResult("noop", capabilities, { attempts: 0, crashes: [], finished })
  })

  const whyRefused = makeWhyRefused(compareAgain)

  const update = Effect.fn("ResourceUpdater.update")(function* (
    request: UpdateRequest,
    observe: ProgressObserver,
  ): Effect.fn.Return<StepResult, ChangeFailed | StateError> {
    const { change, command, existing, wanted } = request
    const { nativeId } = existing.row
    const { capabilities, targetConfig } = wanted
    const read = readByPlan(request)
    const first = yield* compareAgain(request, read)
    if (first._tag === "Nothing") return yield* record(request, first.actual)
    yield* failIfOwned(inventory, existing.row)
    const { desired } = first
    const entry = yield* intents
      .makeEntry(intentOf(command, change, wanted, "Update", existing.row.place), capabilities, desired)
      .pipe(Effect.mapError(vaultFailure))
    let isSent = false
    let { kept } = first
    const next = Effect.suspend((): Effect.Effect<Operation | Succeeded, ChangeFailed> => {
      if (!isSent) {
        isSent = true
        return Effect.succeed(first.operationOf(entry.operationId))
      }
      return Effect.map(compareAgain(request), (now) => {
        if (now._tag === "Nothing") return { status: "Succeeded", attempts: 0, nativeId, properties: now.actual }
        kept = now.kept
        return now.operationOf(entry.operationId)
      })
    })
    const work = workOf(command, entry, targetConfig, capabilities, desired)
    const secrets = [...work.secrets, ...formerSecretTexts(request)]
    const run = runner.run({ ...work, secrets, observe, next })
    const done = yield* read === undefined ? run : Effect.catchTag(run, "ChangeFailed", whyRefused(request))
    const properties = { ...kept, ...done.finished.properties }
    return doneResult("update", capabilities, { ...done, finished: { ...done.finished, properties } })
  })

  return { record, update }
})

/** An update is refused too where its resource is no longer what the plan has read. */
const makeWhyRefused = (compareAgain: Effect.Success<typeof makeFreshComparison>) => (request: UpdateRequest) =>
  Effect.fnUntraced(function* (refused: ChangeFailed): Effect.fn.Return<never, ChangeFailed> {
    if (refused.reason._tag !== "ProviderFailed") return yield* refused
    const now = yield* Effect.result(compareAgain(request))
    if (now._tag === "Success" || now.failure.reason._tag !== "PlanOutdated") return yield* refused
    const { message, reason } = now.failure
    return yield* new ChangeFailed({ ...refused, message, reason })
  })

/**
 * What the plan has read, where that is what an update may start from: it was
 * the plan of this command, and everything that the resource refers to is as it
 * was then. A plan that was made earlier, by itself, may be old.
 */
const readByPlan = ({ change, command, desired, existing }: UpdateRequest): Properties | undefined =>
  existing.readBy === command.commandId && change.compared !== undefined && Equal.equals(desired, change.compared)
    ? existing.actual
    : undefined

/** What the resource holds and was secret, which a message may quote although something else is wanted. */
const formerSecretTexts = ({ existing: { actual = {}, row } }: UpdateRequest): ReadonlyArray<string> =>
  Object.entries(actual)
    .filter(([name]) => isSeal(ownValue(row.desired, name)))
    .flatMap(([, value]) => textsIn(value))

/** Fails where another label has the thing by now: what was done to it could not be recorded. */
const failIfOwned = (inventory: Inventory["Service"], row: InventoryRow) =>
  inventory.find(row).pipe(
    Effect.catchTag("InventoryUnreadable", ({ message }) =>
      Effect.fail(new ChangeFailed({ reason: { _tag: "Blocked", code: "InventoryUnreadable" }, message, attempts: 0 })),
    ),
    Effect.flatMap(({ others }) => {
      const owner = others.find(({ place }) => place !== null && place === row.place)
      return owner === undefined
        ? Effect.void
        : Effect.fail(
            new ChangeFailed({ reason: { _tag: "OwnedElsewhere" }, message: ownedMessage(owner), attempts: 0 }),
          )
    }),
  )
