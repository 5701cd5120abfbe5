/** A socket whose writes end with its connection. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Socket from "effect/socket/Socket"

/**
 * By itself, a write to a connection that is closed waits for ever: Node tells of its end only those who listened
 * before. An answer is written where nobody can interrupt it, so a server with such a write never closes. Here it ends
 * once the reader has closed, and what it wrote is dropped: nobody is there to read it.
 */
export const withClosingWrites = (socket: Socket.Socket): Socket.Socket => {
  const gone = Deferred.makeUnsafe<void>()
  const tellGone = Deferred.succeed(gone, undefined)
  const orGone = <E>(write: Effect.Effect<void, E>) => Effect.raceFirst(write, Deferred.await(gone))
  return Socket.make({
    reader: Effect.onError(
      Effect.tap(socket.reader, () => Effect.addFinalizer(() => tellGone)),
      () => tellGone,
    ),
    writer: Effect.map(socket.writer, ({ write, writeAll }) => ({
      write: (chunk) => orGone(write(chunk)),
      writeAll: (chunks) => orGone(writeAll(chunks)),
    })),
  })
}
