/** One process for all the checks that do not end it; the next one, if a check has brought it down. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Properties } from "../../../../protocol/Resource.ts"
import { expectAnswer } from "../../peer/Answer.ts"
import { peerAfterHandshake } from "../../peer/greet.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import type { Finding } from "../../report/Finding.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"

export interface SharedPeer {
  readonly plugin: PluginUnderTest
  /** The process that runs now, after its handshake. */
  readonly peer: Effect.Effect<RawPeer, Finding, Scope.Scope>
  readonly nextOperationId: () => string
  /** The payload of the next Read, of something that does not exist. */
  readonly read: () => Properties
  /** The payload of the next Create that takes long; undefined if no sample has one. */
  readonly slow: (() => Properties) | undefined
}

export const makeSharedPeer = (plugin: PluginUnderTest, { read, slow }: ProbeCalls): SharedPeer => {
  let current: RawPeer | undefined
  let count = 0
  const nextOperationId = () => `${plugin.cookie}-${++count}`
  return {
    plugin,
    peer: Effect.suspend((): Effect.Effect<RawPeer, Finding, Scope.Scope> => {
      if (current !== undefined && !current.isGone()) return Effect.succeed(current)
      return Effect.map(peerAfterHandshake(plugin), (peer) => (current = peer))
    }),
    nextOperationId,
    read: () => read(nextOperationId()),
    slow: slow && (() => slow(nextOperationId())),
  }
}

/** Whether the process still answers, after what it was asked before. */
export const expectAlive = ({ read }: SharedPeer, peer: RawPeer): Effect.Effect<void, Finding> =>
  Effect.flatMap(peer.ask("Read", read()), expectAnswer)
