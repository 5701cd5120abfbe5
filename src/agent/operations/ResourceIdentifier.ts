/** Asks plugins which things resources are. It changes nothing, so it is not in the journal. */
import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { type Identification, placeOfTarget } from "../../protocol/Identification.ts"
import { namespaceOf, OperationId, type ResourceType } from "../../protocol/Identity.ts"
import { mask, textsIn } from "../../protocol/Masking.ts"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { ChangeFailed, notReached, vaultFailure } from "./ChangeFailed.ts"

/** Finds out the places and the identities of resources. Each method fails with `ChangeFailed` where the plugin or its provider cannot be asked. */
export class ResourceIdentifier extends Context.Service<
  ResourceIdentifier,
  {
    /** Where native ids of a type are unique at a target. Remembered for a minute. */
    readonly placeOf: (type: ResourceType, targetConfig: TargetConfig) => Effect.Effect<string, ChangeFailed>
    /** What the plugin says of a target by name. Undefined where it says nothing. Asked together with the place. */
    readonly factsOf: (
      type: ResourceType,
      targetConfig: TargetConfig,
    ) => Effect.Effect<TargetFacts | undefined, ChangeFailed>
    /** Which thing a create with these properties would make, as far as that is known before. */
    readonly identify: (
      type: ResourceType,
      targetConfig: TargetConfig,
      properties: Properties,
    ) => Effect.Effect<Identification, ChangeFailed>
  }
>()("formae/agent/operations/ResourceIdentifier") {
  static readonly layerNoDeps = Layer.effect(
    ResourceIdentifier,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const configs = yield* TargetConfigs
      const random = yield* SecureRandom.SecureRandom

      const ask = Effect.fnUntraced(function* (
        type: ResourceType,
        lockedConfig: TargetConfig,
        properties: Properties | undefined,
      ): Effect.fn.Return<Identification, ChangeFailed> {
        const namespace = namespaceOf(type)
        const targetConfig = yield* Effect.mapError(configs.open(lockedConfig), vaultFailure)
        const capabilities = (yield* Effect.mapError(coordinator.capabilities(namespace), notReached)).get(type)
        const operationId = OperationId.make(yield* random.uuidV7())
        const request = { operationId, resourceType: type, targetConfig, ...(properties && { properties }) }
        return yield* coordinator.operator({ namespace, resourceUri: type, operation: "Identify", operationId }).pipe(
          Effect.flatMap((operator) => operator.identify(request)),
          Effect.retry({ times: maxRetries, while: ({ _tag }) => _tag === "ConnectionLost" }),
          Effect.catchTags({
            // A plugin that cannot be asked: then the target says all that is known.
            OperationNotSupported: () =>
              Effect.succeed({ place: placeOfTarget(targetConfig, capabilities ?? unknownTraits(targetConfig)) }),
            IdentifyFailed: ({ failure: { code, message } }) => {
              const names = capabilities?.targetSecrets ?? Object.keys(targetConfig)
              const secrets = names.flatMap((name) => textsIn(ownValue(targetConfig, name) ?? null))
              const reason = { _tag: "ProviderFailed", code } as const
              return Effect.fail(new ChangeFailed({ reason, message: mask(message, secrets), attempts: 0 }))
            },
          }),
          Effect.mapError((error) => (error._tag === "ChangeFailed" ? error : notReached(error))),
        )
      })

      const places = yield* Cache.makeWith(({ targetConfig, type }: PlaceKey) => ask(type, targetConfig, undefined), {
        capacity: 1_000,
        timeToLive: (exit) => (Exit.isSuccess(exit) ? "1 minute" : 0),
      })

      const answerOf = (key: PlaceKey): Effect.Effect<Identification, ChangeFailed> =>
        Effect.flatMap(
          Cache.getSuccess(places, key),
          Option.match({
            onSome: (answer) => Effect.succeed(answer),
            // The cache keeps the fiber that asks. With the span of its caller it would keep what that returns: a plan.
            onNone: () => Effect.updateContext(Cache.get(places, key), Context.omit(Tracer.ParentSpan)),
          }),
        )

      return ResourceIdentifier.of({
        placeOf: (type, targetConfig) => Effect.map(answerOf({ type, targetConfig }), ({ place }) => place),
        factsOf: (type, targetConfig) => Effect.map(answerOf({ type, targetConfig }), ({ facts }) => facts),
        identify: ask,
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** What is known of a target, by name. */
export type TargetFacts = Readonly<Record<string, string>>

interface PlaceKey {
  readonly type: ResourceType
  readonly targetConfig: TargetConfig
}

/** How often a question is sent again when its plugin is lost. */
const maxRetries = 3

/** Of a type that the plugin no longer knows, every field may be secret. */
const unknownTraits = (targetConfig: TargetConfig) => ({
  targetIdentity: [],
  targetSecrets: Object.keys(targetConfig),
})
