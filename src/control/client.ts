/** `formae/control`: an agent that stays in another process, over its API, as the service that a host has in its own. */
export type { AgentAddress, ConnectionOptions } from "./remote/AgentAddress.ts"
export { layerRemote } from "./remote/layerRemote.ts"
