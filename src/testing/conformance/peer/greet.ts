/** A process of the plugin that has had its handshake. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { HandshakeResponse } from "../../../protocol/Handshake.ts"
import { describeIssue } from "../../../protocol/Issue.ts"
import type { Properties } from "../../../protocol/Resource.ts"
import { type Finding, mismatch, skip } from "../report/Finding.ts"
import { describeAnswer } from "./Answer.ts"
import type { PluginUnderTest } from "./PluginUnderTest.ts"
import type { RawPeer } from "./RawPeer.ts"

/** A process, and its answer to the handshake. */
export interface Greeting {
  readonly peer: RawPeer
  readonly answer: HandshakeResponse
}

const decodeResponse = Schema.decodeUnknownResult(HandshakeResponse, { errors: "all" })

export const greet = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  differs?: Properties,
): Effect.fn.Return<Greeting, Finding, Scope.Scope> {
  const peer = yield* plugin.peer
  const answer = yield* peer.ask("Handshake", plugin.handshake(differs))
  if (answer._tag !== "Value") return yield* mismatch("a Success of Handshake", describeAnswer(answer))
  const decoded = decodeResponse(answer.value)
  return decoded._tag === "Success"
    ? { peer, answer: decoded.success }
    : yield* mismatch("all the fields of the answer, each in its shape", describeIssue(decoded.failure.issue))
})

/** For the checks of anything else: a handshake that is wrong is reported once, by its own check. */
export const peerAfterHandshake = (
  plugin: PluginUnderTest,
  differs?: Properties,
): Effect.Effect<RawPeer, Finding, Scope.Scope> =>
  greet(plugin, differs).pipe(
    Effect.map(({ peer }) => peer),
    Effect.mapError(() => skip("it does not answer the handshake as it should")),
  )
