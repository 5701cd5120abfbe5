import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as SemVer from "effect/SemVer"
import { Catalog, PluginQuarantined } from "../../agent/index.ts"
import { formatProtocol } from "../../protocol/index.ts"
import { config, json, plugins as directories, state } from "../SharedFlags.ts"
import { layerCatalog } from "../layerAgent.ts"
import { orRefusal } from "../printResult.ts"
import { quarantinesOf } from "../QuarantineRecords.ts"
import { formatTable } from "../formatResult.ts"
import { releasePlugin } from "./releasePlugin.ts"

export const plugins = Command.make("plugins", { json, plugins: directories, config, state }, (flags) =>
  Effect.gen(function* () {
    const { entries, rejected } = yield* Effect.provide(Catalog, layerCatalog(flags))
    const quarantines = new Map((yield* quarantinesOf(flags)).map((one) => [one.plugin, one]))
    if (flags.json) {
      const found = entries.map(({ entryPath, manifest }) => ({
        namespace: manifest.namespace,
        name: manifest.name,
        version: SemVer.format(manifest.version),
        protocol: manifest.protocol,
        entry: entryPath,
        quarantine: quarantines.get(manifest.name) ?? null,
      }))
      yield* Console.log(JSON.stringify({ command: "plugins", status: "succeeded", plugins: found, rejected }, null, 2))
      return
    }
    const rows = entries.map(({ entryPath, manifest }) => [
      manifest.namespace,
      manifest.name,
      SemVer.format(manifest.version),
      formatProtocol(manifest.protocol),
      quarantines.has(manifest.name) ? "quarantined" : "-",
      entryPath,
    ])
    yield* Console.log(
      rows.length === 0
        ? "No plugins were found; name a folder of them with --plugins"
        : formatTable(["namespace", "name", "version", "protocol", "state", "entry"], rows),
    )
    for (const quarantine of quarantines.values()) yield* Console.log(`\n${new PluginQuarantined(quarantine).message}`)
    for (const { path, reason } of rejected) yield* Console.error(`Not taken: ${path}: ${reason}`)
  }).pipe(orRefusal(flags.json, "plugins", { plugins: [], rejected: [] })),
).pipe(
  Command.withDescription("List the plugins that were found, and those that can not be used"),
  Command.withSubcommands([releasePlugin]),
)
