/** Asks the agent of a socket who it is. */
import * as Effect from "effect/Effect"
import type { AgentUnreachable } from "../../agent/index.ts"
import { failed } from "../agentFailures.ts"

/** What an agent says of itself. */
export interface FoundAgent {
  readonly pid: number
  readonly version: string
  readonly socket: string
  /** In milliseconds since 1970. */
  readonly startedAt: number
  /** The number of the last event. */
  readonly lastEvent: number
}

/** Fails where it does not answer, or speaks another version of the API. */
export const aboutAgent = Effect.fnUntraced(function* (socket: string) {
  const { connect } = yield* Effect.promise(() => import("../../control/remote/Connection.ts"))
  const told = Effect.flatMap(connect({ socket }), ({ call }) => call((client) => client.agent.about()))
  const about = yield* Effect.mapError(told, (error) => failed(error as AgentUnreachable))
  const { agentVersion: version, lastEvent, pid, startedAt } = about
  return { pid, version, socket, startedAt, lastEvent } satisfies FoundAgent
})
