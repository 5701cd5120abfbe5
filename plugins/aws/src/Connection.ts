/** The client of one service, for the target of a request. */
import * as Effect from "effect/Effect"
import { AwsClients, type Service } from "./AwsClients.ts"
import { TagKeys } from "./TagKeys.ts"
import type { Target } from "./Target.ts"

export interface Connection<Client> {
  readonly call: Service<Client>
  readonly clients: AwsClients["Service"]
  readonly keys: TagKeys
  readonly target: Target
}

export const connect = <Client>(
  client: (clients: AwsClients["Service"], target: Target) => Service<Client>,
  target: Target,
): Effect.Effect<Connection<Client>, never, AwsClients> =>
  Effect.gen(function* () {
    const clients = yield* AwsClients
    return { call: client(clients, target), clients, keys: yield* TagKeys, target }
  })
