/**
 * Secrets in what is kept. A value that must not be stored is replaced by a
 * seal: an HMAC of it, under a salt of its own and the key of the vault. A seal
 * tells whoever has the key whether a value is still the same, and nothing else.
 */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { JsonObject } from "../../protocol/JsonObject.ts"
import type { Properties, PropertyTraits, TypeCapabilities } from "../../protocol/Resource.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"
import { canonicalJson } from "./canonicalJson.ts"

/** Properties in which the values that must not be kept are seals. */
export const SealedProperties = JsonObject
export type SealedProperties = typeof SealedProperties.Type

const Seal = Schema.Struct({ $sealed: Schema.Struct({ salt: Schema.String, hmac: Schema.String }) })
const isSeal = Schema.is(Seal)

/** What can not be read back, or must not be kept, is remembered as a seal. */
export const isSealed = (traits: PropertyTraits | undefined): boolean =>
  traits !== undefined && (traits.opaque || traits.writeOnly)

const encoder = new TextEncoder()
const saltBytes = 16

const bytesOf = (value: Schema.Json): Uint8Array => encoder.encode(canonicalJson(value))

export class Seals extends Context.Service<
  Seals,
  {
    /** `properties` as they may be kept. */
    readonly seal: (
      properties: Properties,
      capabilities: TypeCapabilities,
    ) => Effect.Effect<SealedProperties, VaultUnavailable>
    /**
     * `kept`, with each seal that fits the value of the same name in `properties`
     * replaced by that value. Without the key none fits: such a value counts as changed.
     */
    readonly open: (kept: SealedProperties, properties: Properties) => Effect.Effect<SealedProperties>
  }
>()("formae/agent/secrets/Seals") {
  static readonly layer: Layer.Layer<Seals, never, Vault> = Layer.effect(
    Seals,
    Effect.gen(function* () {
      const random = yield* SecureRandom.SecureRandom
      const vault = yield* Vault

      const sealValue = Effect.fnUntraced(function* (value: Schema.Json) {
        const salt = yield* Effect.orDie(random.randomBytes(saltBytes))
        const hmac = yield* vault.mac(salt, bytesOf(value))
        return { $sealed: { salt: Base64.encode(salt), hmac: Base64.encode(hmac) } }
      })

      const fits = ({ $sealed }: typeof Seal.Type, value: Schema.Json): Effect.Effect<boolean> => {
        const salt = Base64.decode($sealed.salt)
        const hmac = Base64.decode($sealed.hmac)
        return salt._tag === "Success" && hmac._tag === "Success"
          ? vault.fits(hmac.success, salt.success, bytesOf(value))
          : Effect.succeed(false)
      }

      return Seals.of({
        seal: (properties, capabilities) =>
          mapValues(properties, (value, name) =>
            isSealed(capabilities.properties[name]) ? sealValue(value) : Effect.succeed(value),
          ),
        open: (kept, properties) =>
          mapValues(kept, (value, name) => {
            const candidate = properties[name]
            return isSeal(value) && candidate !== undefined
              ? Effect.map(fits(value, candidate), (same) => (same ? candidate : value))
              : Effect.succeed(value)
          }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** Whether a value of them is not known. */
export const hasSeals = (properties: SealedProperties): boolean => Object.values(properties).some((one) => isSeal(one))

const mapValues = <E>(
  properties: Properties,
  f: (value: Schema.Json, name: string) => Effect.Effect<Schema.Json, E>,
): Effect.Effect<Properties, E> =>
  Effect.map(
    Effect.forEach(Object.entries(properties), ([name, value]) =>
      Effect.map(f(value, name), (kept) => [name, kept] as const),
    ),
    Object.fromEntries,
  )

/** The values that must not be printed or kept. */
export const secretsOf = (properties: Properties, capabilities: TypeCapabilities): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => isSealed(capabilities.properties[name])))

/** `properties` without the values that must not be printed or kept. */
export const withoutSecrets = (properties: Properties, capabilities: TypeCapabilities): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !isSealed(capabilities.properties[name])))
