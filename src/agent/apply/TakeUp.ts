/** Takes up an operation that an earlier command has left. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { SqlError } from "effect/sql/SqlError"
import { namespaceOf } from "../../protocol/Identity.ts"
import type { Operation } from "../../protocol/Operation.ts"
import type { InProgress } from "../../protocol/Progress.ts"
import { secretsLostMessage } from "../operations/Attention.ts"
import { type ChangeFailed, notReached, vaultFailure } from "../operations/ChangeFailed.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import type { ChangeOperation, ChangeSummary } from "../plan/Change.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { ChangeEvents } from "./ChangeEvents.ts"
import { createOf, workOf } from "./StepOperation.ts"
import type { StepRequest, StepResult } from "./StepRequest.ts"
import { resultOf } from "./StepResult.ts"

/** What an operation of the journal does to its resource. */
export const changeOperationOf: Readonly<Record<JournalEntry["kind"], ChangeOperation>> = {
  Create: "create",
  Update: "update",
  Delete: "delete",
}

/** An operation of the journal, as the change that it makes. */
export const summaryOfEntry = ({ kind, label, nativeId, type }: JournalEntry): ChangeSummary => ({
  label,
  type,
  operation: changeOperationOf[kind],
  changed: [],
  ...(nativeId === null ? {} : { nativeId }),
})

export const makeTakeUp = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const coordinator = yield* PluginCoordinator
  const events = yield* ChangeEvents
  const intents = yield* Intents
  const runner = yield* OperationRunner

  /** Reports an operation as it is taken up: its start before the first call, and its progress. */
  const reporting = ({ command, entry }: Extract<StepRequest, { _tag: "TakeUp" }>) => {
    const change = summaryOfEntry(entry)
    const action = entry.kind === "Delete" ? "remove" : "ensure"
    let begun = false
    return {
      onBegin: Effect.suspend(() => {
        if (begun) return Effect.void
        begun = true
        return events.publish({ _tag: "Started", ...command, change, action })
      }),
      observe: (progress: InProgress) => events.publish({ _tag: "Progressed", ...command, change, progress }),
    }
  }

  return Effect.fn("ResourceUpdater.takeUp")(function* (
    request: Extract<StepRequest, { _tag: "TakeUp" }>,
  ): Effect.fn.Return<StepResult, ChangeFailed | SqlError> {
    const { command, entry: found, wanted } = request
    const types = yield* Effect.mapError(coordinator.capabilities(namespaceOf(found.type)), notReached)
    const capabilities = types.get(found.type)
    const kept = yield* Effect.mapError(configs.lock(found.targetConfig, capabilities), vaultFailure)
    const entry = { ...found, targetConfig: kept }
    const targetConfig = yield* Effect.mapError(configs.open(kept), vaultFailure)
    const properties = yield* Effect.result(intents.propertiesOf(entry, wanted?.resource.properties ?? {}))
    const next = Effect.suspend((): Effect.Effect<Operation, ChangeFailed> => {
      if (entry.kind !== "Create") return Effect.die("an update or a delete that was cut off is planned again")
      if (properties._tag === "Success") return Effect.succeed(createOf(entry, targetConfig, properties.success))
      return Effect.fail(vaultFailure({ message: secretsLostMessage(entry, properties.failure.message) }))
    })
    const known = Result.getOrElse(properties, () => ({}))
    const work = workOf(command, entry, targetConfig, capabilities, known)
    const done = yield* runner.takeUp({ ...work, ...reporting(request), next })
    return done === undefined ? { _tag: "NothingDone" } : resultOf(changeOperationOf[entry.kind], capabilities, done)
  })
})
