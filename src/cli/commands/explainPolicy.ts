import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { operatorSettingsOf } from "../../agent/configuration/OperatorConfiguration.ts"
import { wantedVersions } from "../../agent/configuration/wantedVersions.ts"
import { supervisionOf } from "../../agent/configuration/SupervisionConfiguration.ts"
import { knownNames } from "../../agent/forma/nearestName.ts"
import { Catalog, explainPolicy as explain, restartPolicy } from "../../agent/index.ts"
import { type AgentConfig, readConfig } from "../AgentConfig.ts"
import { badInput } from "../CommandFailure.ts"
import { formatPolicy } from "../formatPolicy.ts"
import { formatRateLimit } from "../formatRateLimit.ts"
import { printJson, printLast } from "../Outputs.ts"
import { pluginFolders } from "../pluginFolders.ts"
import { withJsonError } from "../printResult.ts"
import { type AgentFlags, config, json, onlyPlugins, plugins as folders, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { textFlag } from "../textFlag.ts"

const plugin = textFlag("plugin").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The plugin whose policy is explained, with its own settings and its exact delays"),
  Flag.optional,
)

/** Fails where neither a plugin that was found nor the configuration has the name: its settings would be those of no plugin. */
const requirePlugin = Effect.fnUntraced(function* (
  name: string,
  flags: Pick<AgentFlags, "onlyPlugins" | "plugins">,
  settings: AgentConfig,
) {
  const catalog = Catalog.layerDirectories(yield* pluginFolders(flags, settings), wantedVersions(settings.given))
  const { entries } = yield* Effect.provide(Catalog, catalog)
  const found = entries.map(({ manifest }) => manifest.name)
  const known = [...new Set([...found, ...Object.keys(settings.plugin ?? {})])]
  if (known.includes(name)) return
  return yield* badInput("PluginUnknown", `There is no plugin ${name}; ${knownNames(name, "plugins", known)}`)
})

export const explainPolicy = Command.make(
  "explain",
  { plugin, plugins: folders, onlyPlugins, json, config, trust },
  (flags) =>
    Effect.gen(function* () {
      const settings = yield* readConfig(flags.config)
      yield* requireTrust(flags, settings, [])
      const { operator, plugin: plugins, supervision } = settings
      const name = Option.getOrUndefined(flags.plugin)
      if (name !== undefined) yield* requirePlugin(name, flags, settings)
      const own = name === undefined ? undefined : ownValue(plugins, name)
      const { limits, restart } = supervisionOf(supervision, own?.supervision)
      const { rateLimit } = operatorSettingsOf(operator, own?.operator)
      // The jitter follows from the plugin's name, so without a name there is none to compute.
      const jittered = name === undefined ? { ...restart, jitter: 0 } : restart
      const explanation = yield* explain(restartPolicy(jittered, name ?? ""))
      yield* flags.json
        ? printJson({
            command: "policy explain",
            plugin: name ?? null,
            settings: restart,
            operationCrashes: limits.operationCrashes,
            rateLimit: rateLimit ?? null,
            ...explanation,
          })
        : printLast(...formatPolicy(name, { limits, restart }, explanation), "", ...formatRateLimit(rateLimit))
    }).pipe(Effect.scoped, withJsonError(flags.json, "policy explain")),
).pipe(
  Command.withDescription(
    "Print each restart delay, their running sum, when the plugin is quarantined, when an operation is set aside, and the rate limit",
  ),
)
