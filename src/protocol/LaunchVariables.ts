/**
 * The environment variables that carry the identity of a launch, and nothing
 * else. This module imports nothing, because it is read before anything else is
 * loaded.
 */

/**
 * The names of the variables that the agent sets for a plugin's process:
 * `agentNode` and `pluginNode` hold node names, `cookie` the random value of
 * the launch.
 */
export const environment = {
  /** The name of the agent. */
  agentNode: "FORMAE_AGENT_NODE",
  /** The name of this launch of the plugin. */
  pluginNode: "FORMAE_PLUGIN_NODE",
  /** The random value of the launch. */
  cookie: "FORMAE_NETWORK_COOKIE",
} as const
