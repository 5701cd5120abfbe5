/** What a command is configured with: the defaults, the configuration file, the environment; and, before all of them, its flags. */
import * as Option from "effect/Option"
import type { AgentConfig } from "./config/AgentConfig.ts"
import type { AgentFlags } from "./SharedFlags.ts"

export type { AgentConfig } from "./config/AgentConfig.ts"
export { readConfig } from "./config/readConfig.ts"

/** The state file that the flags name, or the configuration. */
export const namedStateFile = (
  { state }: Pick<AgentFlags, "state">,
  config: Pick<AgentConfig, "state">,
): string | undefined => Option.getOrElse(state, () => config.state)

/** The state file in a folder above the current one, where it was found there and not named. */
export const stateAbove = (
  flags: Pick<AgentFlags, "state">,
  config: Pick<AgentConfig, "places" | "state">,
): string | undefined =>
  namedStateFile(flags, config) === undefined && config.places.isAbove ? config.places.state : undefined

/** The state file: one that is named, or that of the folder. */
export const stateFileOf = (flags: Pick<AgentFlags, "state">, config: Pick<AgentConfig, "places" | "state">): string =>
  namedStateFile(flags, config) ?? config.places.state
