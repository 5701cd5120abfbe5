/**
 * Where plugins are looked for: the folders that are named, that of the current
 * folder, the dependencies of its project, those that the user has added, the
 * user's own folder, and the one that comes with formae.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { addedManifests } from "./added/checkAdded.ts"
import type { AgentConfig } from "./AgentConfig.ts"
import { badInput } from "./CommandFailure.ts"
import { fileExists } from "./InputFile.ts"
import { findProject } from "./project/Project.ts"
import type { AgentFlags } from "./SharedFlags.ts"
import { shippedFolder } from "./shippedPlugins.ts"
import { ThisUser } from "./trust/ThisUser.ts"

type PluginFlags = Pick<AgentFlags, "onlyPlugins" | "plugins">

const unlessEmpty = (given: ReadonlyArray<string>, otherwise: ReadonlyArray<string> = []): ReadonlyArray<string> =>
  given.length > 0 ? given : otherwise

/** The folders that the flags name, or the configuration, and whether they are all. Flags come first. */
export const namedFolders = (
  flags: PluginFlags,
  { onlyPlugins, plugins }: Pick<AgentConfig, "onlyPlugins" | "plugins">,
): { readonly named: ReadonlyArray<string>; readonly isAll: boolean } => {
  if (flags.onlyPlugins.length > 0) return { named: [...flags.plugins, ...flags.onlyPlugins], isAll: true }
  return { named: [...unlessEmpty(flags.plugins, plugins), ...(onlyPlugins ?? [])], isAll: onlyPlugins !== undefined }
}

/** The user's own folder of plugins. Undefined where the user has none. */
export const ownFolder = Effect.gen(function* () {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const { configHome } = yield* ThisUser
  if (configHome === undefined) return undefined
  const folder = path.join(configHome, "formae", "plugins")
  return (yield* Effect.orElseSucceed(fs.exists(folder), () => false)) ? folder : undefined
})

/** Fails if a folder that is named does not exist, or if a plugin that was added has changed. What was added stays until the scope closes. */
export const pluginFolders = Effect.fnUntraced(function* (flags: PluginFlags, config: AgentConfig) {
  const { isAll, named } = namedFolders(flags, config)
  const fs = yield* FileSystem.FileSystem
  const missing = yield* Effect.filter(named, (folder) =>
    Effect.match(fs.stat(folder), { onFailure: () => true, onSuccess: ({ type }) => type !== "Directory" }),
  )
  if (missing.length > 0) {
    return yield* badInput("PluginFolderMissing", `There is no such plugin folder: ${missing.join(", ")}`)
  }
  if (isAll) return named
  const path = yield* Path.Path
  const here = path.resolve(config.places.plugins)
  const project = yield* findProject(".")
  const added = yield* addedManifests
  const own = yield* ownFolder
  const shipped = yield* shippedFolder
  return [
    ...named,
    ...((yield* fileExists(here)) ? [here] : []),
    ...(project?.plugins.map(({ manifest }) => manifest) ?? []),
    ...added,
    ...(own === undefined ? [] : [own]),
    ...((yield* fileExists(shipped)) ? [shipped] : []),
  ]
})
