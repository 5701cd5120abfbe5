/** One process for all the checks that do not end it; the next one, if a check has brought it down. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Answer, expectAnswer } from "../../peer/Answer.ts"
import { makeCurrentPeer } from "../../peer/CurrentPeer.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import type { Finding } from "../../report/Finding.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"

export interface SharedPeer {
  readonly plugin: PluginUnderTest
  /** The process that runs now, after its handshake. */
  readonly peer: Effect.Effect<RawPeer, Finding>
  readonly nextOperationId: () => string
  /** The payload of the next Read, of something that does not exist. */
  readonly read: () => Properties
  /** The payload of the next Create that takes long; undefined if no sample has one. */
  readonly slow: (() => Properties) | undefined
  /** Whether that call takes long, and not only the work that it begins. */
  readonly isSlowCall: boolean
  /** Keeps what such a create has made, for the clean-up. */
  readonly keep: (answer: Answer) => Effect.Effect<void>
}

export const makeSharedPeer = (
  plugin: PluginUnderTest,
  { read, slow }: ProbeCalls,
): Effect.Effect<SharedPeer, never, Scope.Scope> =>
  Effect.map(makeCurrentPeer(plugin), (peer) => {
    let count = 0
    const nextOperationId = () => `${plugin.cookie}-${++count}`
    return {
      plugin,
      peer,
      nextOperationId,
      read: () => read(nextOperationId()),
      slow: slow && (() => slow.payload(nextOperationId())),
      isSlowCall: slow?.isCall === true,
      keep: slow?.keep ?? (() => Effect.void),
    }
  })

/** Whether the process still answers, after what it was asked before. */
export const expectAlive = ({ read }: SharedPeer, peer: RawPeer): Effect.Effect<void, Finding> =>
  Effect.flatMap(peer.ask("Read", read()), expectAnswer)
