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
  agentNode: "FORMAE_AGENT_NODE",
  pluginNode: "FORMAE_PLUGIN_NODE",
  cookie: "FORMAE_NETWORK_COOKIE",
} as const
