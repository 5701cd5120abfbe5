/** What flags give, as values of a configuration. Pure. */
import * as Option from "effect/Option"
import type { Setting } from "../../agent/configuration/Setting.ts"
import type { AgentConfig } from "./AgentConfig.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import type { ListenFlags } from "../staying/listenFlags.ts"

type Flags = Pick<AgentFlags, "onlyPlugins" | "plugins" | "state"> & Partial<ListenFlags>

const flag = (path: ReadonlyArray<string>, name: string, value: unknown): Setting => ({
  path,
  value,
  origin: { _tag: "Flag", name },
})

const listOf = (key: string, name: string, folders: ReadonlyArray<string>): ReadonlyArray<Setting> =>
  folders.length === 0 ? [] : [flag([key], name, folders)]

const textOf = (path: ReadonlyArray<string>, name: string, value = Option.none<string>()): ReadonlyArray<Setting> =>
  Option.match(value, { onNone: () => [], onSome: (text) => [flag(path, name, text)] })

/** What is given in all, the flags last, and the state of the folder as the default. As `namedFolders` and `stateFileOf` decide it. */
export const withFlags = (
  { listen, onlyPlugins, plugins, state, tlsCert, tlsKey }: Flags,
  { given, places }: Pick<AgentConfig, "given" | "places">,
): ReadonlyArray<Setting> => {
  // Folders that are all there are leave no room for those of the configuration.
  const others = onlyPlugins.length > 0 ? given.filter(({ path: [key] }) => key !== "plugins") : given
  return [
    { path: ["state"], value: places.state, origin: { _tag: "Default" } },
    ...others,
    ...textOf(["state"], "--state", state),
    ...listOf("plugins", "--plugins", plugins),
    ...listOf("onlyPlugins", "--only-plugins", onlyPlugins),
    ...textOf(["agent", "listen", "address"], "--listen", listen),
    ...textOf(["agent", "listen", "certificate"], "--tls-cert", tlsCert),
    ...textOf(["agent", "listen", "key"], "--tls-key", tlsKey),
  ]
}
