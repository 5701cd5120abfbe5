/**
 * The environment that carries identity, and nothing else, into a launch. A
 * module of its own that imports nothing: it is read before anything else is
 * loaded.
 */
export const environment = {
  agentNode: "FORMAE_AGENT_NODE",
  pluginNode: "FORMAE_PLUGIN_NODE",
  cookie: "FORMAE_NETWORK_COOKIE",
} as const
