/** Asks an agent who it is. */
import * as Effect from "effect/Effect"
import type { AgentAddress } from "../../control/remote/AgentAddress.ts"
import { failed } from "../agentFailures.ts"

/** What an agent says of itself. */
export interface FoundAgent {
  readonly pid: number
  readonly version: string
  /** Its socket, or its URL. */
  readonly socket: string
  /** The URL at which it listens beside its socket. Null where there is none, or it does not say. */
  readonly listensAt: string | null
  /** In milliseconds since 1970. */
  readonly startedAt: number
  /** The number of the last event. */
  readonly lastEvent: number
}

/** Of an agent of any version: one that is too old or too new must be found to be stopped. Fails where it does not answer. */
export const aboutAgent = Effect.fnUntraced(function* (address: AgentAddress) {
  const { describeAgent } = yield* Effect.promise(() => import("../../control/remote/Connection.ts"))
  const about = yield* Effect.mapError(describeAgent(address), failed)
  const { address: listensAt = null, agentVersion: version, lastEvent, pid, startedAt } = about
  return {
    pid,
    version,
    socket: "url" in address ? address.url : address.socket,
    listensAt,
    startedAt,
    lastEvent,
  } satisfies FoundAgent
})
