/** The agent in another process, as the same service. */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../agent/Agent.ts"
import type { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import type { AgentAddress, ConnectionOptions } from "./AgentAddress.ts"
import { connect } from "./Connection.ts"
import { makeRemote } from "./makeRemote.ts"

/**
 * The agent that answers at an address. It is asked which versions it speaks
 * when the layer is built. What it begins goes on there if the connection is lost,
 * and its caller finds it again once the agent is back, for up to a minute. Fails
 * with `AgentUnreachable` where no agent answers, or one of another version.
 *
 * `whenInterrupted: "leave"` lets a command that is interrupted here go on there.
 *
 * `formae agent status --json` says the path of the socket of an agent, and
 * `formae agent token add` makes a token for its address.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 * import { Agent } from "formae/agent"
 * import { layerRemote } from "formae/control"
 *
 * export const inventoryOf = (url: string, token: string) =>
 *   Effect.flatMap(Agent, (agent) => agent.inventory).pipe(
 *     Effect.provide(layerRemote({ url, token: Redacted.make(token) })),
 *     Effect.catchTag("AgentUnreachable", ({ reason }) => Effect.succeed(reason._tag)),
 *   )
 * ```
 */
export const layerRemote = (address: AgentAddress, options?: ConnectionOptions): Layer.Layer<Agent, AgentUnreachable> =>
  Layer.effect(
    Agent,
    Effect.gen(function* () {
      const connection = yield* connect(address, options)
      const random = yield* SecureRandom.SecureRandom
      return makeRemote(connection, random.uuidV7())
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
