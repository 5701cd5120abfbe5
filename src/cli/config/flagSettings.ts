/** What flags give, as values of a configuration. Pure. */
import * as Option from "effect/Option"
import type { Setting } from "../../agent/configuration/Setting.ts"
import type { AgentConfig } from "./AgentConfig.ts"
import type { AgentFlags } from "../SharedFlags.ts"

type Flags = Pick<AgentFlags, "onlyPlugins" | "plugins" | "state">

const flag = (key: string, name: string, value: unknown): Setting => ({
  path: [key],
  value,
  origin: { _tag: "Flag", name },
})

const listOf = (key: string, name: string, folders: ReadonlyArray<string>): ReadonlyArray<Setting> =>
  folders.length === 0 ? [] : [flag(key, name, folders)]

/** What is given in all, the flags last, and the state of the folder as the default. As `namedFolders` and `stateFileOf` decide it. */
export const withFlags = (
  { onlyPlugins, plugins, state }: Flags,
  { given, places }: Pick<AgentConfig, "given" | "places">,
): ReadonlyArray<Setting> => {
  // Folders that are all there are leave no room for those of the configuration.
  const others = onlyPlugins.length > 0 ? given.filter(({ path: [key] }) => key !== "plugins") : given
  return [
    { path: ["state"], value: places.state, origin: { _tag: "Default" } },
    ...others,
    ...Option.match(state, { onNone: () => [], onSome: (file) => [flag("state", "--state", file)] }),
    ...listOf("plugins", "--plugins", plugins),
    ...listOf("onlyPlugins", "--only-plugins", onlyPlugins),
  ]
}
