/** The socket that the runners of one user on a machine have together: one listens at a time, and the next follows. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { isLockTaken, takeLock } from "../../agent/store/LockFile.ts"
import { badInput } from "../CommandFailure.ts"
import { fileOfState } from "../stateFiles.ts"

/** How soon the next one follows. */
const againMillis = 500

/** Waits for the lock. The system gives it back, however its holder ends. */
const awaitLock = Effect.fnUntraced(function* (file: string): Effect.fn.Return<void, SqlError, Scope.Scope> {
  while (true) {
    yield* Effect.sleep(againMillis)
    if (!(yield* isLockTaken(file)) && (yield* takeLock(file))) return
  }
})

/** Listens, or does so as soon as no other runner of this user does. Undefined where it listens later. */
export const inTurn = Effect.fnUntraced(function* <E extends { readonly message: string }, R>(
  state: string,
  listen: Effect.Effect<string, E, R>,
) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const file = `${yield* fileOfState(state)}.socket`
  // What is locked has to be there.
  const made = Effect.andThen(makeFolder(fs, path, path.dirname(file)), fs.writeFileString(file, "", { mode: 0o600 }))
  yield* Effect.catch(made, ({ message }) => badInput("SocketRefused", message))
  if (yield* takeLock(file)) return yield* listen
  const listening = Effect.tap(Effect.andThen(awaitLock(file), listen), (socket) =>
    Effect.logInfo(`This runner listens at ${socket} now, for the commands of this machine`),
  )
  const later = Effect.catch(listening, ({ message }) =>
    Effect.logWarning(`This runner does not listen for the commands of this machine: ${message}`),
  )
  yield* Effect.forkScoped(later)
  return undefined
})
