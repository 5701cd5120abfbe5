/** Flags, variables and a folder that the agent which runs was not started with: pure decisions, and their sentences. */
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

export const describeAgentElsewhere = (flags: ReadonlyArray<string>, url: string): string =>
  `FORMAE_AGENT names the agent at ${url}, which has a state, plugins and a configuration of its own, so ${flags.join(" and ")} would have no effect. Leave ${flags.length === 1 ? "it" : "them"} out, or run this command without FORMAE_AGENT`

/** Undefined where the agent does the same as this process would. */
export const describeOtherEnvironment = (
  { folder, variables }: { readonly folder?: string | undefined; readonly variables: ReadonlyArray<string> },
  stateFile: string,
): string | undefined => {
  const here = `An agent runs on the state ${stateFile}`
  if (variables.length > 0) {
    return `${here}, and these variables of its environment are not as they are here, so its plugins would do something else: ${variables.join(", ")}. Set them as they are for the agent, or run "formae agent stop", and start it again from here`
  }
  if (folder === undefined) return undefined
  return `${here} in the folder ${folder}, where its plugins would look for relative paths. Run this command there, or run "formae agent stop" first`
}
