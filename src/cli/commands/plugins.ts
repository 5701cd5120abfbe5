import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as SemVer from "effect/SemVer"
import { operatorSettingsOf } from "../../agent/configuration/OperatorConfiguration.ts"
import { wantedVersions } from "../../agent/configuration/wantedVersions.ts"
import { Catalog, PluginQuarantined } from "../../agent/index.ts"
import { withoutShell } from "../../agent/launch/GuardProcess.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { posixShell } from "../../platform/systemFiles.ts"
import { adviceForQuarantine } from "../advice/adviceForQuarantine.ts"
import { withAdvice } from "../advice/withAdvice.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { printJson, printLast, printProgress, stdoutWidth } from "../Outputs.ts"
import { pluginFolders } from "../pluginFolders.ts"
import { withJsonError } from "../printResult.ts"
import { listQuarantines } from "../QuarantineRecords.ts"
import { config, json, onlyPlugins, plugins as folders, state, trust } from "../SharedFlags.ts"
import { findAgent } from "../staying/findAgent.ts"
import { namedAgent } from "../staying/namedAgent.ts"
import { foundTable } from "../pluginTables.ts"
import { describeRemarks, remarksOn } from "../pluginRemarks.ts"
import { shippedPlugins } from "../shippedPlugins.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { releasePlugin } from "./releasePlugin.ts"

/** Without an answer by then, the list has no states. */
const answerMillis = 10_000

/** Loaded where an agent runs. */
const pluginsOf = (socket: string) =>
  Effect.flatMap(
    Effect.promise(() => import("../staying/remotePlugins.ts")),
    ({ remotePlugins }) => remotePlugins({ socket }, answerMillis),
  )

/** True where that cannot be found out. */
const hasShell = FileSystem.FileSystem.use((fs) => Effect.orElseSucceed(fs.exists(posixShell), () => true))

export const plugins = Command.make("plugins", { json, plugins: folders, onlyPlugins, config, state, trust }, (flags) =>
  Effect.gen(function* () {
    const settings = yield* readConfig(flags.config)
    // No plugin is started, so that those of a folder can be looked at before they are trusted.
    yield* requireTrust(flags, settings, ["state"])
    const catalog = Catalog.layerDirectories(yield* pluginFolders(flags, settings), wantedVersions(settings.given))
    const { entries, rejected } = yield* Effect.provide(Catalog, catalog)
    const stateFile = stateFileOf(flags, settings)
    const listed = yield* listQuarantines(stateFile)
    const quarantines = new Map(listed.map((one) => [one.plugin, one]))
    const elsewhere = yield* namedAgent
    if (elsewhere !== undefined) {
      yield* printProgress(`These are the plugins of this machine; the agent at ${elsewhere.url} has its own`)
    }
    const socket = elsewhere === undefined ? yield* findAgent(stateFile) : undefined
    const running = socket === undefined ? [] : yield* pluginsOf(socket)
    const states = new Map(running.map((one) => [one.name, one.state]))
    const placeOf = (name: string) => {
      const own = ownValue(settings.plugin, name)
      const notUsed = own?.enabled === false ? "Disabled" : undefined
      const state = quarantines.has(name) ? "Quarantined" : (states.get(name) ?? notUsed)
      return { state, rateLimit: operatorSettingsOf(settings.operator, own?.operator).rateLimit }
    }
    const shipped = yield* shippedPlugins
    const remarked = entries.map((entry) => ({ entry, remarks: remarksOn(entry, shipped) }))
    if (flags.json) {
      const found = remarked.map(({ entry: { entryPath, manifest }, remarks }) => ({
        namespace: manifest.namespace,
        name: manifest.name,
        version: SemVer.format(manifest.version),
        protocol: manifest.protocol,
        entry: entryPath,
        state: placeOf(manifest.name).state ?? null,
        rateLimit: placeOf(manifest.name).rateLimit ?? null,
        quarantine: quarantines.get(manifest.name) ?? null,
        displaces: remarks?.displaces ?? null,
        beyondNamespace: remarks?.beyondNamespace ?? [],
      }))
      yield* printJson({ command: "plugins", status: "succeeded", plugins: found, rejected })
      return
    }
    const table =
      entries.length === 0
        ? ["No plugins were found; name a plugin folder with --plugins"]
        : foundTable(entries, placeOf, yield* stdoutWidth)
    const quarantined = [...quarantines.values()].flatMap((quarantine) => {
      const { message, plugin } = new PluginQuarantined(quarantine)
      return ["", withAdvice(message, adviceForQuarantine(plugin))]
    })
    const remarks = remarked.flatMap(({ entry, remarks }) =>
      remarks === undefined ? [] : ["", ...describeRemarks(entry.manifest.name, remarks)],
    )
    const hasGuard = isWindows(yield* Platform) || (yield* hasShell)
    yield* printLast(...table, ...remarks, ...quarantined, ...(hasGuard ? [] : ["", withoutShell]))
    yield* Effect.forEach(rejected, ({ path, reason }) => printProgress(`Rejected: ${path}: ${reason}`))
  }).pipe(Effect.scoped, withJsonError(flags.json, "plugins")),
).pipe(
  Command.withDescription("List the plugins that were found, and those that cannot be used"),
  Command.withSubcommands([releasePlugin]),
)
