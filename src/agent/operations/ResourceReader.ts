/** Reads a resource from its provider. A read changes nothing, so it is not in the journal. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { namespaceOf, OperationId } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { StopSignal } from "./StopRequests.ts"
import { targetSecrets } from "./targetSecrets.ts"
import { ChangeFailed, notReached, vaultFailure } from "./ChangeFailed.ts"

/** Reads resources from their providers. */
export class ResourceReader extends Context.Service<
  ResourceReader,
  {
    /**
     * The properties of a resource of the inventory at its provider. Undefined
     * where it no longer exists. Fails with `ChangeFailed` where it cannot be read.
     */
    readonly read: (
      row: Pick<InventoryRow, "forma" | "label" | "type" | "nativeId">,
      targetConfig: TargetConfig,
    ) => Effect.Effect<Properties | undefined, ChangeFailed>
  }
>()("formae/agent/operations/ResourceReader") {
  static readonly layerNoDeps = Layer.effect(
    ResourceReader,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const configs = yield* TargetConfigs
      const random = yield* SecureRandom.SecureRandom

      return ResourceReader.of({
        read: Effect.fn("ResourceReader.read")(function* ({ forma, label, nativeId, type }, config) {
          const targetConfig = yield* Effect.mapError(configs.open(config), vaultFailure)
          const operationId = OperationId.make(yield* random.uuidV7())
          const subject = { operationId, resourceType: type, targetConfig, label, nativeId }
          const finished = yield* coordinator
            .operator({
              namespace: namespaceOf(type),
              resourceUri: `${forma}/${label}`,
              operation: "Read",
              operationId,
            })
            .pipe(
              Effect.flatMap((operator) => operator.perform(Operation.cases.Read.make(subject), () => Effect.void)),
              Effect.retry({ times: maxRetries, while: ({ _tag }) => _tag === "ConnectionLost" }),
              Effect.mapError(notReached),
              // A read changes nothing, so it can be given up at any time.
              Effect.raceFirst(Effect.flatMap(yield* StopSignal, () => Effect.fail(givenUp))),
            )
          if (finished.status === "Succeeded") return finished.properties
          if (finished.failure.code === "NotFound") return undefined
          const { attempts, failure } = finished
          return yield* new ChangeFailed({
            reason: { _tag: "ProviderFailed", code: failure.code },
            message: mask(failure.message, yield* targetSecrets(coordinator, type, targetConfig)),
            attempts,
            nativeId,
          })
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** How often a read is sent again when its plugin is lost. Not more, because the read may be what kills the plugin. */
const maxRetries = 3

const givenUp = new ChangeFailed({
  reason: { _tag: "Canceled" },
  message: "not read, because the command was asked to stop",
  attempts: 0,
})
