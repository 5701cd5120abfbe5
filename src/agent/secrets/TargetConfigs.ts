/** The configs of targets as they may be stored: the secrets in them are locked in the vault. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"

/**
 * Locks and opens the secrets in configs. Both methods fail with
 * `VaultUnavailable` where the vault has no key, or another one.
 */
export class TargetConfigs extends Context.Service<
  TargetConfigs,
  {
    /**
     * Locks the secrets in a config. What is locked already stays so. Returns
     * `before` if it stands for the same config, because each lock of the same
     * secret is different.
     */
    readonly lock: (
      config: TargetConfig,
      capabilities: Pick<TypeCapabilities, "targetSecrets"> | undefined,
      before?: TargetConfig,
    ) => Effect.Effect<TargetConfig, VaultUnavailable>
    /** Opens the secrets in a config, as plugins need them. */
    readonly open: (locked: TargetConfig) => Effect.Effect<TargetConfig, VaultUnavailable>
  }
>()("formae/agent/secrets/TargetConfigs") {
  static readonly layerNoDeps: Layer.Layer<TargetConfigs, never, Vault> = Layer.effect(
    TargetConfigs,
    Effect.gen(function* () {
      const vault = yield* Vault

      const open = Effect.fnUntraced(function* (locked: TargetConfig) {
        const fields = yield* Effect.forEach(Object.entries(locked), ([name, value]) =>
          isLocked(value)
            ? Effect.map(
                Effect.flatMap(vault.open(value.$locked), (text) => Effect.orDie(decode(text))),
                (opened) => [name, opened] as const,
              )
            : Effect.succeed([name, value] as const),
        )
        return Object.fromEntries(fields)
      })

      return TargetConfigs.of({
        open: (locked) => (Object.values(locked).some(isLocked) ? open(locked) : Effect.succeed(locked)),
        lock: Effect.fnUntraced(function* (config, capabilities, before) {
          const names = (capabilities?.targetSecrets ?? []).filter(
            (name) => Object.hasOwn(config, name) && !isLocked(config[name]),
          )
          if (names.length === 0) return config
          if (before !== undefined) {
            const opened = yield* Effect.option(open(before))
            if (opened._tag === "Some" && Equal.equals(opened.value, config)) return before
          }
          const locked = yield* Effect.forEach(names, (name) =>
            Effect.map(
              Effect.flatMap(Effect.orDie(encode(config[name] ?? null)), vault.lock),
              ($locked) => [name, { $locked }] as const,
            ),
          )
          return { ...config, ...Object.fromEntries(locked) }
        }),
      })
    }),
  )
}

const Locked = Schema.Struct({ $locked: Schema.String })
const isLocked = Schema.is(Locked)

const Json = Schema.fromJsonString(Schema.Json)
const encode = Schema.encodeEffect(Json)
const decode = Schema.decodeUnknownEffect(Json)
