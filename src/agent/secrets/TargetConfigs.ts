/** The configs of targets as they may be kept: the secrets in them are locked in the vault. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"

const Locked = Schema.Struct({ $locked: Schema.String })
const isLocked = Schema.is(Locked)

const Json = Schema.fromJsonString(Schema.Json)
const encode = Schema.encodeEffect(Json)
const decode = Schema.decodeUnknownEffect(Json)

type Kept = Effect.Effect<TargetConfig, VaultUnavailable>

export class TargetConfigs extends Context.Service<
  TargetConfigs,
  {
    /**
     * A config as it may be kept. What is locked in it stays so; `before`, where
     * it says the same, is kept as it is: a lock is new each time that it is made.
     */
    readonly keep: (
      config: TargetConfig,
      capabilities: Pick<TypeCapabilities, "targetSecrets"> | undefined,
      before?: TargetConfig,
    ) => Kept
    /** A config as a plugin is told it. */
    readonly open: (kept: TargetConfig) => Kept
  }
>()("formae/agent/secrets/TargetConfigs") {
  static readonly layer: Layer.Layer<TargetConfigs, never, Vault> = Layer.effect(
    TargetConfigs,
    Effect.gen(function* () {
      const vault = yield* Vault

      const open = Effect.fnUntraced(function* (kept: TargetConfig) {
        const fields = yield* Effect.forEach(Object.entries(kept), ([name, value]) =>
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
        open: (kept) => (Object.values(kept).some(isLocked) ? open(kept) : Effect.succeed(kept)),
        keep: Effect.fnUntraced(function* (config, capabilities, before) {
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
