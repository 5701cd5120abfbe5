/** Asks plugins for the canonical forms of properties that the traits of a type cannot describe. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { namespaceOf, OperationId, type ResourceType } from "../../protocol/Identity.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { joinSeals, splitSeals } from "../secrets/Seals.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { canonicalBatches } from "./canonicalBatches.ts"
import { ChangeFailed, notReached } from "./ChangeFailed.ts"

/** Gives the canonical forms that plugins know. */
export class CanonicalForms extends Context.Service<
  CanonicalForms,
  {
    /**
     * The canonical forms of properties of one type, in the same order. Asks no
     * provider. Properties of a type that does not say `canonicalizes` are
     * returned as they are, and so are seals. Fails with `ChangeFailed` where the
     * plugin cannot be asked, or answers with something else.
     */
    readonly of: (
      capabilities: TypeCapabilities,
      properties: ReadonlyArray<Properties>,
    ) => Effect.Effect<ReadonlyArray<Properties>, ChangeFailed>
  }
>()("formae/agent/operations/CanonicalForms") {
  static readonly layerNoDeps = Layer.effect(
    CanonicalForms,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const random = yield* SecureRandom.SecureRandom

      const ask = Effect.fnUntraced(function* (type: ResourceType, properties: ReadonlyArray<Properties>) {
        const operationId = OperationId.make(yield* random.uuidV7())
        const answer = yield* coordinator
          .operator({ namespace: namespaceOf(type), resourceUri: type, operation: "Canonicalize", operationId })
          .pipe(
            Effect.flatMap((operator) => operator.canonicalize({ operationId, resourceType: type, properties })),
            Effect.retry({ times: maxRetries, while: ({ _tag }) => _tag === "ConnectionLost" }),
            Effect.mapError(notReached),
          )
        if (answer.properties.length !== properties.length) {
          return yield* new ChangeFailed({
            reason: { _tag: "CallFailed", condition: "ProtocolError" },
            message: `The plugin gave ${answer.properties.length} canonical forms for ${properties.length} properties of ${type}`,
            attempts: 0,
          })
        }
        return answer.properties
      })

      return CanonicalForms.of({
        of: Effect.fnUntraced(function* ({ canonicalizes = false, type }, properties) {
          if (!canonicalizes) return properties
          const parts = properties.map(splitSeals)
          const batches = canonicalBatches(parts.map(({ known }) => known))
          const forms = (yield* Effect.forEach(batches, (batch) => ask(type, batch))).flat()
          return forms.map((form, index) => joinSeals(form, parts[index]?.seals ?? {}))
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** How often a plugin that was lost is asked again. */
const maxRetries = 3
