/** Finishes an operation that an earlier command has left. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { namespaceOf } from "../../protocol/Identity.ts"
import type { Operation } from "../../protocol/Operation.ts"
import type { InProgress } from "../../protocol/Progress.ts"
import { secretsLost } from "../operations/Attention.ts"
import { ChangeFailed, changeErrorOf, notReached, vaultFailure } from "../operations/ChangeFailed.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import { changeOperationOf, summaryOfEntry } from "../plan/Change.ts"
import { reachOf } from "../plan/ResourceLocation.ts"
import { noChange } from "../records/InventoryChange.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { withSealedProperties } from "../secrets/secretProperties.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { ChangeEvents } from "./ChangeEvents.ts"
import { makeOwnerCheck } from "./OwnerCheck.ts"
import { createOf, workOf } from "./StepOperation.ts"
import type { StepRequest } from "./StepRequest.ts"
import { doneResult, type StepResult } from "./StepResult.ts"

export const makeTakeUp = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const coordinator = yield* PluginCoordinator
  const events = yield* ChangeEvents
  const intents = yield* Intents
  const journal = yield* OperationJournal
  const runner = yield* OperationRunner
  const checkOwner = yield* makeOwnerCheck

  /** A create that would make what another label has by now is given up. */
  const giveUp = Effect.fnUntraced(function* ({ operationId }: JournalEntry, error: ChangeFailed) {
    const ending = { status: "Failed", closed: true, nativeId: null, requestId: null } as const
    yield* journal
      .recordEnd(operationId, { ...ending, failure: changeErrorOf(error), change: noChange })
      .pipe(Effect.catchTag("OwnedElsewhere", Effect.die))
    return yield* error
  })

  /** Publishes the start of an operation before its first call, and its progress. */
  const publisherOf = ({ command, entry }: Extract<StepRequest, { _tag: "TakeUp" }>) => {
    const change = summaryOfEntry(entry)
    const action = entry.kind === "Delete" ? "remove" : "ensure"
    let hasBegun = false
    return {
      onBegin: Effect.suspend(() => {
        if (hasBegun) return Effect.void
        hasBegun = true
        return events.publish({ _tag: "Started", ...command, change, action })
      }),
      observe: (progress: InProgress) => events.publish({ _tag: "Progressed", ...command, change, progress }),
    }
  }

  return Effect.fn("ResourceUpdater.takeUp")(function* (
    request: Extract<StepRequest, { _tag: "TakeUp" }>,
  ): Effect.fn.Return<StepResult, ChangeFailed | StateError> {
    const { command, entry: found, wanted } = request
    const types = yield* Effect.mapError(coordinator.capabilities(namespaceOf(found.type)), notReached)
    const ofType = types.get(found.type)
    const capabilities = ofType && withSealedProperties(ofType, found.desired)
    const lockedConfig = yield* Effect.mapError(configs.lock(reachOf(found, wanted), capabilities), vaultFailure)
    const entry = { ...found, targetConfig: lockedConfig }
    const targetConfig = yield* Effect.mapError(configs.open(lockedConfig), vaultFailure)
    const properties = yield* Effect.result(intents.propertiesOf(entry, wanted?.resource.properties ?? {}))
    const next = Effect.suspend((): Effect.Effect<Operation, ChangeFailed> => {
      if (entry.kind !== "Create") return Effect.die("an update or a delete that was cut off is planned again")
      if (properties._tag === "Success") return Effect.succeed(createOf(entry, targetConfig, properties.success))
      return Effect.fail(new ChangeFailed({ ...secretsLost(entry, properties.failure.message), attempts: 0 }))
    })
    if (entry.kind === "Create" && entry.requestId === null && properties._tag === "Success") {
      const { unwanted = [] } = request
      const subject = { ...entry, targetConfig: lockedConfig, properties: properties.success, unwanted }
      const refusal = yield* checkOwner(subject)
      if (refusal !== undefined) return yield* giveUp(entry, refusal)
    }
    const known = Result.getOrElse(properties, () => ({}))
    const work = workOf(command, entry, targetConfig, capabilities, known, request.unwanted)
    const done = yield* runner.takeUp({ ...work, ...publisherOf(request), next })
    return done === undefined ? { _tag: "NothingDone" } : doneResult(changeOperationOf[entry.kind], capabilities, done)
  })
})
