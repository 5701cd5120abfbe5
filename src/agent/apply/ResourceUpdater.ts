/** ResourceUpdater: turns one step of a command into operations, and records their results. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import type { InProgress } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { withMadeName } from "../forma/MadeName.ts"
import { sizeObjection } from "../forma/WantedSize.ts"
import { ChangeFailed, vaultFailure } from "../operations/ChangeFailed.ts"
import { CanonicalForms } from "../operations/CanonicalForms.ts"
import { Intents } from "../operations/Intents.ts"
import { OperationRunner } from "../operations/OperationRunner.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { summaryOf, type WantedResource } from "../plan/Change.ts"
import type { StateError } from "../records/StateError.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import { Seals } from "../secrets/Seals.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { ChangeEvents } from "./ChangeEvents.ts"
import { makeOwnerCheck } from "./OwnerCheck.ts"
import { makeRemoveStep } from "./RemoveStep.ts"
import { createOf, intentOf, workOf } from "./StepOperation.ts"
import type { StepRequest } from "./StepRequest.ts"
import { doneResult, type StepResult } from "./StepResult.ts"
import { makeTakeUp } from "./TakeUp.ts"
import { makeUpdateStep } from "./UpdateStep.ts"

/**
 * Runs the steps of commands.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { createRequest, PluginCoordinator, ResourceUpdater } from "formae/agent"
 * import { ResourceType } from "formae/protocol"
 *
 * const createBucket = Effect.gen(function* () {
 *   const coordinator = yield* PluginCoordinator
 *   const updater = yield* ResourceUpdater
 *   const capabilities = (yield* coordinator.capabilities("AWS")).get(ResourceType.make("AWS::S3::Bucket"))
 *   if (capabilities === undefined) return yield* Effect.die("the plugin has no buckets")
 *   const command = { commandId: "nightly-1", forma: "nightly" }
 *   const properties = { BucketName: "pictures" }
 *   return yield* updater.run(createRequest({ command, label: "pictures", capabilities, properties }))
 * })
 * ```
 */
export class ResourceUpdater extends Context.Service<
  ResourceUpdater,
  {
    /**
     * Runs one step. Each operation is in the journal before it is sent, and
     * survives the death of the plugin and of the agent. Fails with
     * `ChangeFailed` where the change was not made, or where it is not known
     * whether it was, and with `StateError` where the state cannot be written.
     */
    readonly run: (request: StepRequest) => Effect.Effect<StepResult, ChangeFailed | StateError>
  }
>()("formae/agent/apply/ResourceUpdater") {
  /** The updater over a coordinator and the records of an agent. */
  static readonly layerNoDeps = Layer.effect(
    ResourceUpdater,
    Effect.gen(function* () {
      const events = yield* ChangeEvents
      const identifier = yield* ResourceIdentifier
      const ownership = yield* StateOwnership
      const intents = yield* Intents
      const runner = yield* OperationRunner
      const remove = yield* makeRemoveStep
      const { record, update } = yield* makeUpdateStep
      const takeUp = yield* makeTakeUp
      const checkOwner = yield* makeOwnerCheck

      const observerOf = ({ change, command }: Ensure | Remove) => {
        const summary = summaryOf(change)
        return (progress: InProgress) => events.publish({ _tag: "Progressed", ...command, change: summary, progress })
      }

      const create = Effect.fn("ResourceUpdater.create")(function* (
        request: Ensure,
        wanted: WantedResource,
        given: Properties,
      ) {
        const { change, command } = request
        const { capabilities, targetConfig } = wanted
        const { label, type } = wanted.resource
        const operationId = yield* intents.newOperationId
        // Before the intent is written, so that the operation has the same name when it is taken up.
        const desired = withMadeName(given, capabilities, { forma: command.forma, label, operationId })
        // The plan could not tell which thing it is: that follows from what it refers to. A name that was just made is nobody's.
        if (change.dependsOn.length > 0 && wanted.nativeId === undefined && desired === given) {
          const { unwanted = [] } = change
          const refusal = yield* checkOwner({ ...command, label, type, targetConfig, properties: desired, unwanted })
          if (refusal !== undefined) return yield* refusal
        }
        const place = yield* identifier.placeOf(type, targetConfig)
        const entry = yield* intents
          .makeEntry(intentOf(command, change, wanted, "Create", place), capabilities, desired, operationId)
          .pipe(Effect.mapError(vaultFailure))
        const work = workOf(command, entry, targetConfig, capabilities, desired, change.unwanted)
        const next = Effect.succeed(createOf(entry, targetConfig, desired))
        const done = yield* runner.run({ ...work, observe: observerOf(request), next })
        return doneResult(change.operation === "replace" ? "replace" : "create", capabilities, done)
      })

      const ensure = Effect.fn("ResourceUpdater.ensure")(function* (request: Ensure) {
        const { change, command, properties: desired } = request
        const { existing, operation, wanted } = change
        if (wanted === undefined) return yield* Effect.die(`${change.label} is not wanted`)
        // If the values of references differ from those that the plan has compared, they are compared again.
        const isAsCompared = change.compared !== undefined && Equal.equals(desired, change.compared)
        if (operation === "noop" && isAsCompared && existing?.actual !== undefined) {
          return yield* record({ command, change, wanted, existing, desired }, existing.actual)
        }
        const objection = sizeObjection(desired)
        if (objection !== undefined) return yield* tooLarge(change.label, objection)
        if (operation !== "update" && operation !== "noop") return yield* create(request, wanted, desired)
        if (existing === undefined) return yield* Effect.die(`${change.label} has nothing to update`)
        return yield* update({ command, change, wanted, existing, desired }, observerOf(request))
      })

      const step = (request: StepRequest) => {
        switch (request._tag) {
          case "Ensure":
            return ensure(request)
          case "Remove":
            return remove(request, observerOf(request))
          case "TakeUp":
            return takeUp(request)
        }
      }

      return ResourceUpdater.of({
        // A command holds the state already. A host that runs a single step does not.
        run: (request) => Effect.scoped(Effect.andThen(ownership.hold, step(request))),
      })
    }),
  ).pipe(
    Layer.provide([
      CanonicalForms.layerNoDeps,
      ResourceIdentifier.layerNoDeps,
      ResourceReader.layerNoDeps,
      OperationRunner.layerNoDeps,
      Intents.layerNoDeps,
    ]),
    Layer.provide([Seals.layerNoDeps, TargetConfigs.layerNoDeps]),
  )
}

type Ensure = Extract<StepRequest, { _tag: "Ensure" }>
type Remove = Extract<StepRequest, { _tag: "Remove" }>

/** The document was checked, but what its references stand for was not known then. */
const tooLarge = (label: string, objection: string): ChangeFailed =>
  new ChangeFailed({
    reason: { _tag: "Blocked", code: "InvalidRequest" },
    message: `properties of ${label}, with what its references stand for: ${objection}`,
    attempts: 0,
  })
