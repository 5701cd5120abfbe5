/**
 * The environment variables that carry the identity of a launch, and nothing
 * else. This module imports nothing, because it is read before anything else is
 * loaded.
 */

/**
 * The names of the variables that the agent sets for a plugin's process:
 * `agentNode` and `pluginNode` hold node names, `cookie` the random value of
 * the launch, `launch` its id, which is no secret.
 */
export const environment = {
  /** The name of the agent. */
  agentNode: "FORMAE_AGENT_NODE",
  /** The name of this launch of the plugin. */
  pluginNode: "FORMAE_PLUGIN_NODE",
  /** The random value of the launch. */
  cookie: "FORMAE_NETWORK_COOKIE",
  /** The id of the launch. It stays in the environment of what the plugin starts, so that the agent can end that too. */
  launch: "FORMAE_LAUNCH",
} as const
