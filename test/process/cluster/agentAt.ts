import * as Effect from "effect/Effect"
import { Agent } from "../../../src/agent/Agent.ts"
import { layerRemote } from "../../../src/control/index.ts"

/** The agent that listens at a socket. */
export const agentAt = (socket: string, options?: Parameters<typeof layerRemote>[1]) =>
  Effect.provide(Agent, layerRemote({ socket }, options))
