import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as SemVer from "effect/SemVer"
import { Catalog } from "../../agent/index.ts"
import { formatProtocol } from "../../protocol/index.ts"
import { config, json, plugins as directories, state } from "../flags.ts"
import { layerCatalog } from "../host.ts"
import { formatTable } from "../ResultTable.ts"

export const plugins = Command.make(
  "plugins",
  { json, plugins: directories, config, state },
  Effect.fnUntraced(function* (flags) {
    const { entries, rejected } = yield* Effect.provide(Catalog, layerCatalog(flags))
    if (flags.json) {
      const found = entries.map(({ entryPath, manifest }) => ({
        namespace: manifest.namespace,
        name: manifest.name,
        version: SemVer.format(manifest.version),
        protocol: manifest.protocol,
        entry: entryPath,
      }))
      yield* Console.log(JSON.stringify({ command: "plugins", plugins: found, rejected }, null, 2))
      return
    }
    const rows = entries.map(({ entryPath, manifest }) => [
      manifest.namespace,
      manifest.name,
      SemVer.format(manifest.version),
      formatProtocol(manifest.protocol),
      entryPath,
    ])
    yield* Console.log(
      rows.length === 0
        ? "No plugins were found; name a folder of them with --plugins"
        : formatTable(["namespace", "name", "version", "protocol", "entry"], rows),
    )
    for (const { path, reason } of rejected) yield* Console.error(`Not taken: ${path}: ${reason}`)
  }),
).pipe(Command.withDescription("List the plugins that were found, and those that can not be used"))
