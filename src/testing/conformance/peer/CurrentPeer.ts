/** A process that has had its handshake; the next one, if a check has brought it down or it does not answer any more. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Properties } from "../../../protocol/Resource.ts"
import type { Finding } from "../report/Finding.ts"
import { peerAfterHandshake } from "./greet.ts"
import type { PluginUnderTest } from "./PluginUnderTest.ts"
import type { RawPeer } from "./RawPeer.ts"

export type CurrentPeer = Effect.Effect<RawPeer, Finding>

/** Until the scope is closed. `differs` is put over what the handshake says. */
export const makeCurrentPeer = (
  plugin: PluginUnderTest,
  differs?: Properties,
): Effect.Effect<CurrentPeer, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    const one = Semaphore.makeUnsafe(1)
    let current: { readonly peer: RawPeer; readonly own: Scope.Closeable } | undefined

    const start = Effect.gen(function* () {
      // One that is stuck would keep the checks after it from finding anything else.
      if (current !== undefined) yield* Scope.close(current.own, Exit.void)
      current = undefined
      const own = yield* Scope.fork(scope)
      const peer = yield* Scope.provide(peerAfterHandshake(plugin, differs), own)
      current = { peer, own }
      return peer
    })
    return one.withPermit(
      Effect.suspend(() => {
        const peer = current?.peer
        return peer === undefined || peer.isGone() || peer.isStuck() ? start : Effect.succeed(peer)
      }),
    )
  })
