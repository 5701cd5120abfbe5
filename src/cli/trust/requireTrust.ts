/** Asks the gate before a command uses what the current folder supplies. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { checkRights } from "../../agent/store/checkRights.ts"
import { followLinks } from "../../agent/store/StateFileLink.ts"
import { type AgentConfig, namedStateFile } from "../AgentConfig.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { fileExists } from "../InputFile.ts"
import { namedFolders, ownFolder } from "../pluginFolders.ts"
import { findProject } from "../project/Project.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { requireOwn } from "./ownership.ts"
import { configuredSupplies } from "./configuredSupplies.ts"
import { namedAsTrusted } from "./namedAsTrusted.ts"
import { packageSupplies } from "./packageSupplies.ts"
import { pluginSupplies } from "./pluginSupplies.ts"
import { stateSupply } from "./stateSupply.ts"
import { Trust } from "./Trust.ts"
import { trustFailure } from "./trustFailure.ts"

/** What a command uses, unless other places are named. */
export type Use = "plugins" | "state"

export interface TrustFlags extends Partial<Pick<AgentFlags, "onlyPlugins" | "plugins" | "state">> {
  readonly trust: ReadonlyArray<string>
}

/**
 * Whether the state is one that can be opened. One that is refused for its rights
 * is not used, and opening it says why. It has to be the same file that is
 * opened: the rights of a link and its folder say nothing about where it leads.
 */
const isOpenable = (state: string) => Effect.isSuccess(Effect.flatMap(followLinks(state), checkRights))

/** Completes if all that the command uses is trusted. What is named comes from elsewhere, and needs no question, unless a configuration names it that was found. */
export const requireTrust = Effect.fnUntraced(function* (
  flags: TrustFlags,
  config: AgentConfig,
  uses: ReadonlyArray<Use>,
): Effect.fn.Return<void, CommandFailure, FileSystem.FileSystem | Path.Path | Trust> {
  const { onlyPlugins = [], plugins = [] } = flags
  const named = yield* namedAsTrusted(flags.trust)
  const folders = namedFolders({ onlyPlugins, plugins }, config)
  const usesPlugins = uses.includes("plugins") && !folders.isAll
  const usesState =
    uses.includes("state") &&
    (flags.state === undefined || namedStateFile({ state: flags.state }, config) === undefined)
  const own = usesPlugins ? yield* ownFolder : undefined
  if (own !== undefined) yield* Effect.mapError(requireOwn([own]), trustFailure)
  const { found, places } = config
  const hasPlugins = usesPlugins && (yield* fileExists(places.plugins))
  const hasState = usesState && (yield* fileExists(places.state)) && (yield* isOpenable(places.state))
  const project = usesPlugins ? yield* findProject(".") : undefined
  const hasPackages = project !== undefined && project.plugins.length > 0
  if (!hasPlugins && !hasState && !hasPackages && found === undefined) return
  const trust = yield* Trust
  const here = places.folder
  const stateFile = flags.state === undefined ? config.state : namedStateFile({ state: flags.state }, config)
  const configured = {
    plugins: (folder: string) => uses.includes("plugins") && folders.named.includes(folder),
    state: (file: string) => uses.includes("state") && stateFile === file,
  }
  const supplied = [
    ...(found === undefined ? [] : [{ folder: found.folder, supplies: yield* configuredSupplies(found, configured) }]),
    ...(hasPackages ? [{ folder: project.folder, supplies: yield* packageSupplies(project, folders.named) }] : []),
    ...(hasPlugins ? [{ folder: here, supplies: yield* pluginSupplies(here, folders.named) }] : []),
    ...(hasState ? [{ folder: here, supplies: yield* stateSupply(here) }] : []),
  ]
  // One question for each folder.
  for (const [folder, parts] of Map.groupBy(supplied, ({ folder }) => folder)) {
    const supplies = parts.flatMap((part) => part.supplies)
    yield* Effect.mapError(trust.require({ folder, supplies, isNamed: named.has(folder) }), trustFailure)
  }
})
