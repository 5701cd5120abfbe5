/** What an operation is to do, as the journal may keep it: secrets sealed, and locked in the vault beside. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { OperationId } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { hasSeals, secretsOf, Seals } from "../secrets/Seals.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"

/** What the caller knows of an operation that is to begin. */
export type Intent = Pick<
  JournalEntry,
  "commandId" | "forma" | "label" | "type" | "target" | "targetConfig" | "kind" | "dependsOn" | "nativeId"
>

const PropertiesJson = Schema.fromJsonString(JsonObject)
const encode = Schema.encodeEffect(PropertiesJson)
const decode = Schema.decodeUnknownEffect(PropertiesJson)

export class Intents extends Context.Service<
  Intents,
  {
    /** The entry of an operation that is about to be sent for the first time. */
    readonly entry: (
      intent: Intent,
      capabilities: TypeCapabilities | undefined,
      properties?: Properties,
    ) => Effect.Effect<JournalEntry, VaultUnavailable>
    /**
     * The properties that an entry wants, secrets included. Where the vault
     * does not give them, those of `known` that are still the same do.
     */
    readonly propertiesOf: (entry: JournalEntry, known: Properties) => Effect.Effect<Properties, VaultUnavailable>
  }
>()("formae/agent/operations/Intents") {
  static readonly layer: Layer.Layer<Intents, never, Seals | TargetConfigs | Vault> = Layer.effect(
    Intents,
    Effect.gen(function* () {
      const configs = yield* TargetConfigs
      const seals = yield* Seals
      const vault = yield* Vault
      const random = yield* SecureRandom.SecureRandom
      return Intents.of({
        entry: Effect.fnUntraced(function* (intent, capabilities, properties = {}) {
          const secrets = capabilities === undefined ? {} : secretsOf(properties, capabilities)
          return {
            ...intent,
            targetConfig: yield* configs.keep(intent.targetConfig, capabilities),
            operationId: OperationId.make(yield* random.uuidV7()),
            desired: capabilities === undefined ? {} : yield* seals.seal(properties, capabilities),
            secrets:
              Object.keys(secrets).length === 0
                ? null
                : yield* Effect.flatMap(Effect.orDie(encode(secrets)), vault.lock),
            requestId: null,
            sent: 1,
            status: "InProgress",
            settled: false,
            failure: null,
            crashes: [],
          }
        }),
        propertiesOf: Effect.fnUntraced(function* ({ desired, secrets }, known) {
          if (secrets === null) return desired
          const found = yield* Effect.result(vault.open(secrets))
          if (found._tag === "Success") return { ...desired, ...(yield* Effect.orDie(decode(found.success))) }
          const opened = yield* seals.open(desired, known)
          return hasSeals(opened) ? yield* found.failure : opened
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}
