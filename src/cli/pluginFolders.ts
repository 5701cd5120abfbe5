/** The folders that are searched for plugins: those that the flags name, or the configuration, or the defaults. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { AgentConfig } from "./AgentConfig.ts"
import { badInput } from "./CommandFailure.ts"
import { unreachable } from "./InputFile.ts"
import type { AgentFlags } from "./SharedFlags.ts"

/** The user's own folder first, then the one that comes with formae. */
const defaultFolders = Effect.gen(function* () {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const here = yield* Effect.orDie(path.fromFileUrl(new URL(import.meta.url)))
  const shipped = path.resolve(path.dirname(here), here.endsWith(".ts") ? "../../plugins" : "../plugins")
  return yield* Effect.filter([path.resolve(".formae/plugins"), shipped], (folder) =>
    Effect.mapError(fs.exists(folder), (error) => unreachable(folder, error)),
  )
})

/** Fails if a folder that is named does not exist. */
export const pluginFolders = Effect.fnUntraced(function* (flags: Pick<AgentFlags, "plugins">, config: AgentConfig) {
  const named = flags.plugins.length > 0 ? flags.plugins : config.plugins
  if (named === undefined) return yield* defaultFolders
  const fs = yield* FileSystem.FileSystem
  const missing = yield* Effect.filter(named, (folder) =>
    Effect.match(fs.stat(folder), { onFailure: () => true, onSuccess: ({ type }) => type !== "Directory" }),
  )
  if (missing.length > 0) {
    return yield* badInput("PluginFolderMissing", `There is no such plugin folder: ${missing.join(", ")}`)
  }
  return named
})
