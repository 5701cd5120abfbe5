/**
 * Seals for secrets. A value that must not be stored is replaced by a seal: an
 * HMAC of the value, with a salt of its own and the key of the vault. With the
 * key, a seal says whether a value is still the same, and nothing else.
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
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { ownValue } from "../../protocol/ownValue.ts"

/** Properties whose secret values are seals. */
export const SealedProperties = JsonObject
export type SealedProperties = typeof SealedProperties.Type

/** Seals secrets in properties, and opens seals that fit a known value. */
export class Seals extends Context.Service<
  Seals,
  {
    /** Replaces the secret values in `properties` by seals. Fails with `VaultUnavailable` where the vault has no key. */
    readonly seal: (
      properties: Properties,
      capabilities: TypeCapabilities,
    ) => Effect.Effect<SealedProperties, VaultUnavailable>
    /**
     * Replaces each seal that fits the candidate of the same name by that
     * candidate. Without the key no seal fits, and such a value counts as changed.
     */
    readonly open: (sealed: SealedProperties, candidates: Properties) => Effect.Effect<SealedProperties>
  }
>()("formae/agent/secrets/Seals") {
  static readonly layerNoDeps: Layer.Layer<Seals, never, Vault> = Layer.effect(
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
        // Most resources have no secrets: then both are the same object, and not a copy.
        seal: (properties, capabilities) => {
          const isSecret = (name: string) => isSealed(ownValue(capabilities.properties, name))
          return Object.keys(properties).some(isSecret)
            ? mapValues(properties, (value, name) => (isSecret(name) ? sealValue(value) : Effect.succeed(value)))
            : Effect.succeed(properties)
        },
        open: (sealed, candidates) =>
          hasSeals(sealed)
            ? mapValues(sealed, (value, name) => {
                const candidate = ownValue(candidates, name)
                return isSeal(value) && candidate !== undefined
                  ? Effect.map(fits(value, candidate), (same) => (same ? candidate : value))
                  : Effect.succeed(value)
              })
            : Effect.succeed(sealed),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

const Seal = Schema.Struct({ $sealed: Schema.Struct({ salt: Schema.String, hmac: Schema.String }) })

/** Whether a stored value is a seal. */
export const isSeal = Schema.is(Seal)

const encoder = new TextEncoder()
const saltBytes = 16

const bytesOf = (value: Schema.Json): Uint8Array => encoder.encode(canonicalJson(value))

/** Whether a property is stored as a seal: it is secret, or the provider never returns it. */
export const isSealed = (traits: PropertyTraits | undefined): boolean =>
  traits !== undefined && (traits.opaque || traits.writeOnly)

/** Whether the value of a property is not known. */
export const hasSeals = (properties: SealedProperties): boolean => Object.values(properties).some((one) => isSeal(one))

/** The names of the properties that are seals. */
export const sealedNames = (properties: SealedProperties): ReadonlyArray<string> =>
  Object.entries(properties).flatMap(([name, value]) => (isSeal(value) ? [name] : []))

/** Properties whose values are known, apart from those that are seals. */
export const splitSeals = (
  properties: SealedProperties,
): { readonly known: Properties; readonly seals: SealedProperties } => ({
  known: Object.fromEntries(Object.entries(properties).filter(([, value]) => !isSeal(value))),
  seals: Object.fromEntries(Object.entries(properties).filter(([, value]) => isSeal(value))),
})

/** Puts seals back to the properties that they were taken from. */
export const joinSeals = (known: Properties, seals: SealedProperties): SealedProperties => ({ ...known, ...seals })

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

/** The values that must not be printed or stored. */
export const secretsOf = (properties: Properties, capabilities: TypeCapabilities): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => isSealed(ownValue(capabilities.properties, name))))

/** `properties` without the values that must not be printed or stored. */
export const withoutSecrets = (properties: Properties, capabilities: TypeCapabilities): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !isSealed(ownValue(capabilities.properties, name))))
