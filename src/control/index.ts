/** `formae/control`: the API of an agent that stays, and the agent over it. */
export * from "./api/index.ts"
export { layerRemote } from "./remote/layerRemote.ts"
export type { AgentAddress, ConnectionOptions } from "./remote/AgentAddress.ts"
export { type About, AboutAgent } from "./server/AboutAgent.ts"
export { AgentEnvironment } from "./server/AgentEnvironment.ts"
export { CommandRequests } from "./server/CommandRequests.ts"
export {
  type ControlServices,
  serveSocket,
  type ServeSocketOptions,
  serveTcp,
  type ServeTcpOptions,
} from "./server/ControlServer.ts"
export { type EventChoice, EventFeed, type EventPage, EventsGone } from "./server/EventFeed.ts"
export { layerLoggedFeed } from "./server/EventFeedLog.ts"
export { defaultListenBounds, type ListenBounds, ServeFailed } from "./server/HttpListener.ts"
export { type KeepError, type KeptBefore, type KeptRequest, RequestKeys } from "./server/RequestKeys.ts"
export { type FindToken, minTokenCharacters, type NamedToken, tokenHash } from "./server/tokens.ts"
export type { LiveCommand, WatchedCommand } from "./server/LiveCommand.ts"
