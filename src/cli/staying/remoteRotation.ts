/** Has the agent of another process change the key of its state. */
import * as Effect from "effect/Effect"
import { connect, refusalOf } from "../../control/remote/Connection.ts"
import { failed } from "../agentFailures.ts"

export const remoteRotation = Effect.fnUntraced(function* (socket: string) {
  const connection = yield* Effect.mapError(connect({ socket }), failed)
  const rotated = connection.call((client) => client.state.rotateKey({ payload: { key: "new" } }))
  return yield* Effect.mapError(rotated, (error) => failed(refusalOf(connection)(error)))
})
