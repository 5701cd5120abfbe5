/** Finishes an operation that an earlier command has left. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { namespaceOf } from "../../protocol/Identity.ts"
import type { Operation } from "../../protocol/Operation.ts"
import type { InProgress } from "../../protocol/Progress.ts"
import { secretsLost } from "../operations/Attention.ts"
import { ChangeFailed, notReached, vaultFailure } from "../operations/ChangeFailed.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import { changeOperationOf, reachOf, summaryOfEntry } from "../plan/Change.ts"
import type { StateError } from "../records/StateError.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { ChangeEvents } from "./ChangeEvents.ts"
import { createOf, workOf } from "./StepOperation.ts"
import type { StepRequest } from "./StepRequest.ts"
import { doneResult, type StepResult } from "./StepResult.ts"

export const makeTakeUp = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const coordinator = yield* PluginCoordinator
  const events = yield* ChangeEvents
  const intents = yield* Intents
  const runner = yield* OperationRunner

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
    const capabilities = types.get(found.type)
    const lockedConfig = yield* Effect.mapError(configs.lock(reachOf(found, wanted), capabilities), vaultFailure)
    const entry = { ...found, targetConfig: lockedConfig }
    const targetConfig = yield* Effect.mapError(configs.open(lockedConfig), vaultFailure)
    const properties = yield* Effect.result(intents.propertiesOf(entry, wanted?.resource.properties ?? {}))
    const next = Effect.suspend((): Effect.Effect<Operation, ChangeFailed> => {
      if (entry.kind !== "Create") return Effect.die("an update or a delete that was cut off is planned again")
      if (properties._tag === "Success") return Effect.succeed(createOf(entry, targetConfig, properties.success))
      return Effect.fail(new ChangeFailed({ ...secretsLost(entry, properties.failure.message), attempts: 0 }))
    })
    const known = Result.getOrElse(properties, () => ({}))
    const work = workOf(command, entry, targetConfig, capabilities, known, request.unwanted)
    const done = yield* runner.takeUp({ ...work, ...publisherOf(request), next })
    return done === undefined ? { _tag: "NothingDone" } : doneResult(changeOperationOf[entry.kind], capabilities, done)
  })
})
