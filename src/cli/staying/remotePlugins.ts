/** The plugins of the agent in another process. */
import * as Effect from "effect/Effect"
import { failed } from "../agentFailures.ts"
import type { ApiPlugin } from "../../control/api/ApiState.ts"
import type { AgentAddress } from "../../control/remote/AgentAddress.ts"
import { type Connection, connect, refusalOf } from "../../control/remote/Connection.ts"

/** Where the plugins of an agent stand now. None where it does not say so within a time, such as one that is being restarted. */
export const remotePlugins = (address: AgentAddress, answerMillis: number): Effect.Effect<ReadonlyArray<ApiPlugin>> => {
  let known: Connection | undefined
  const connected = Effect.suspend(() =>
    known === undefined
      ? Effect.tap(connect(address), (connection) => Effect.sync(() => (known = connection)))
      : Effect.succeed(known),
  )
  return Effect.flatMap(connected, ({ client }) => client.state.plugins()).pipe(
    Effect.map(({ plugins }) => plugins),
    Effect.timeout(answerMillis),
    Effect.orElseSucceed(() => []),
  )
}

/** Ends the quarantine of a plugin of an agent. False where it was in none. */
export const releaseRemotely = Effect.fnUntraced(function* (address: AgentAddress, name: string) {
  const connection = yield* Effect.mapError(connect(address), failed)
  const { wasQuarantined } = yield* Effect.mapError(
    connection.call((client) => client.agent.releasePlugin({ params: { name } })),
    (error) => failed(refusalOf(connection)(error)),
  )
  return wasQuarantined
})
