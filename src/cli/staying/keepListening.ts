/** Listens on a socket, and again where its file is gone: systemd removes the folder of a user's sockets when the user logs out. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"

/** What it needs. */
export interface Listening<E, F, R, S, T> {
  /** Finds a path. */
  readonly choose: Effect.Effect<string, E, R>
  /** Listens at a path until its scope closes. */
  readonly serve: (socket: string) => Effect.Effect<void, F, S | Scope.Scope>
  /** Whether the file of a socket is there. */
  readonly isThere: (socket: string) => Effect.Effect<boolean, never, T>
}

/** How often its file is looked for. */
const lookEvery = "2 seconds"

/** Listens for as long as its scope is open. Gives the first path. Only the first attempt fails: later ones are made again. */
export const keepListening = Effect.fnUntraced(function* <
  E extends { readonly message: string },
  F extends { readonly message: string },
  R,
  S,
  T,
>({ choose, isThere, serve }: Listening<E, F, R, S, T>) {
  let scope: Scope.Closeable | undefined
  const listen = Effect.fnUntraced(function* () {
    const socket = yield* choose
    const next = yield* Scope.make()
    yield* Effect.onError(Scope.provide(serve(socket), next), () => Scope.close(next, Exit.void))
    scope = next
    return socket
  }, Effect.uninterruptible)
  const close = Effect.suspend(() => {
    const last = scope
    scope = undefined
    return last === undefined ? Effect.void : Scope.close(last, Exit.void)
  })

  const first = yield* Effect.acquireRelease(listen(), () => close)
  let socket: string | undefined = first
  const look = Effect.gen(function* () {
    if (socket !== undefined && (yield* isThere(socket))) return
    if (socket !== undefined) yield* Effect.logWarning(`The socket ${socket} is gone, so this agent listens again`)
    socket = undefined
    yield* close
    socket = yield* listen()
    yield* Effect.logInfo(`This agent listens at ${socket}`)
  }).pipe(Effect.catch(({ message }) => Effect.logWarning(`This agent cannot be reached now: ${message}`)))
  yield* Effect.forkScoped(Effect.forever(Effect.delay(look, lookEvery)))
  return first
})
