/** A storage of messages that gives back what it was asked to give back, also where its database was away at that moment. */
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"

type Storage = MessageStorage.MessageStorage["Service"]

const againMillis = 1_000

/**
 * A runner that takes a shard over lets its messages be read again, which another one has read. The engine does not
 * look whether that has worked: what was not given back would be read ten minutes later. It is harmless when it comes
 * late, because a message that runs does not run a second time.
 */
export const sureResets = (storage: Storage): Effect.Effect<Storage, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    const surely =
      <A, E>(reset: (which: ReadonlyArray<A>) => Effect.Effect<void, E>) =>
      (which: Iterable<A>) => {
        const once = reset([...which])
        const later = Effect.retry(Effect.delay(once, againMillis), Schedule.forever)
        return Effect.onError(once, () => Effect.forkIn(later, scope))
      }
    return MessageStorage.MessageStorage.of({
      ...storage,
      resetShards: surely(storage.resetShards),
      resetAddresses: surely(storage.resetAddresses),
      resetRequests: surely(storage.resetRequests),
    })
  })
