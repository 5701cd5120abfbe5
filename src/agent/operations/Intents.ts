/** What an operation should do, in a form that the journal may store: its secrets are sealed, and locked in the vault. */
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

/** What the caller knows about an operation that is about to begin. */
export type Intent = Pick<
  JournalEntry,
  | "commandId"
  | "forma"
  | "label"
  | "type"
  | "target"
  | "targetConfig"
  | "place"
  | "kind"
  | "dependsOn"
  | "care"
  | "nativeId"
>

/** Turns intents into entries of the journal, and entries into properties. */
export class Intents extends Context.Service<
  Intents,
  {
    /** The id of an operation that is about to begin. */
    readonly newOperationId: Effect.Effect<OperationId>
    /**
     * The entry of an operation that is about to be sent for the first time, with
     * an id of its own unless one is given.
     * Fails with `VaultUnavailable` where its secrets cannot be sealed or locked.
     */
    readonly makeEntry: (
      intent: Intent,
      capabilities: TypeCapabilities | undefined,
      properties?: Properties,
      operationId?: OperationId,
    ) => Effect.Effect<JournalEntry, VaultUnavailable>
    /**
     * The properties that an entry wants, secrets included. Secrets that the
     * vault cannot open are taken from `candidates`, if they fit the seals.
     * Fails with `VaultUnavailable` where one of them does not.
     */
    readonly propertiesOf: (entry: JournalEntry, candidates: Properties) => Effect.Effect<Properties, VaultUnavailable>
  }
>()("formae/agent/operations/Intents") {
  static readonly layerNoDeps: Layer.Layer<Intents, never, Seals | TargetConfigs | Vault> = Layer.effect(
    Intents,
    Effect.gen(function* () {
      const configs = yield* TargetConfigs
      const seals = yield* Seals
      const vault = yield* Vault
      const random = yield* SecureRandom.SecureRandom
      const newOperationId = Effect.gen(function* () {
        return OperationId.make(yield* random.uuidV7())
      })
      return Intents.of({
        newOperationId,
        makeEntry: Effect.fnUntraced(function* (intent, capabilities, properties = {}, operationId) {
          const secrets = capabilities === undefined ? {} : secretsOf(properties, capabilities)
          return {
            ...intent,
            targetConfig: yield* configs.lock(intent.targetConfig, capabilities),
            operationId: operationId ?? (yield* newOperationId),
            desired: capabilities === undefined ? {} : yield* seals.seal(properties, capabilities),
            secrets:
              Object.keys(secrets).length === 0
                ? null
                : yield* Effect.flatMap(Effect.orDie(encode(secrets)), vault.lock),
            requestId: null,
            sent: 1,
            status: "InProgress",
            closed: false,
            failure: null,
            crashes: [],
          }
        }),
        propertiesOf: Effect.fnUntraced(function* ({ desired, secrets }, candidates) {
          if (secrets === null) return desired
          const found = yield* Effect.result(vault.open(secrets))
          if (found._tag === "Success") return { ...desired, ...(yield* Effect.orDie(decode(found.success))) }
          const opened = yield* seals.open(desired, candidates)
          return hasSeals(opened) ? yield* found.failure : opened
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

const PropertiesJson = Schema.fromJsonString(JsonObject)
const encode = Schema.encodeEffect(PropertiesJson)
const decode = Schema.decodeUnknownEffect(PropertiesJson)
