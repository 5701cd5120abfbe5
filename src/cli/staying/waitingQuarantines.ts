/** The quarantines of an agent that stays: on a full disk a plugin is quarantined at once, and its record follows when there is room. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { Quarantines } from "../../agent/index.ts"
import { isFull, makeDiskRoom } from "../../agent/store/DiskRoom.ts"

export const waitingQuarantines: Layer.Layer<Quarantines, never, SqlClient> = Layer.effect(
  Quarantines,
  Effect.gen(function* () {
    const stored = yield* Quarantines
    const { whenRoom } = makeDiskRoom(yield* SqlClient, true)
    const scope = yield* Effect.scope
    /** Those that wait are written in their order. */
    const inTurn = Semaphore.makeUnsafe(1)
    const later = (write: Effect.Effect<void, SqlError>) =>
      inTurn
        .withPermits(1)(whenRoom(write))
        .pipe(
          Effect.catch(({ message }) => Effect.logError(`A quarantine cannot be written: ${message}`)),
          Effect.forkIn(scope, { startImmediately: true }),
          Effect.asVoid,
        )
    const nowOrLater = (write: Effect.Effect<void, SqlError>) => Effect.catchIf(write, isFull, () => later(write))
    return Quarantines.of({
      list: stored.list,
      put: (quarantine) => nowOrLater(stored.put(quarantine)),
      remove: (plugin) => nowOrLater(stored.remove(plugin)),
    })
  }),
).pipe(Layer.provide(Quarantines.layer))
