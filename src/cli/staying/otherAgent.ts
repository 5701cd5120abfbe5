/** Flags that the agent which runs was not started with: a pure decision, and its sentence. */
import * as Option from "effect/Option"
import type { AgentFlags } from "../SharedFlags.ts"

/** The flags that say which plugins an agent has, and how it is configured. */
export const agentFlagsIn = ({
  config,
  onlyPlugins,
  plugins,
}: Pick<AgentFlags, "config" | "onlyPlugins" | "plugins">): ReadonlyArray<string> => [
  ...(plugins.length > 0 ? ["--plugins"] : []),
  ...(onlyPlugins.length > 0 ? ["--only-plugins"] : []),
  ...(Option.isSome(config) ? ["--config"] : []),
]

export const describeOtherAgent = (flags: ReadonlyArray<string>, stateFile: string): string =>
  `An agent runs on the state ${stateFile}, with the plugins and the configuration that it was started with, so ${flags.join(" and ")} would have no effect. Leave ${flags.length === 1 ? "it" : "them"} out, or run "formae agent stop" first`
