/** A holding that many share: the first one takes it, and the last one gives it back. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"

export interface SharedHolding<A, E> {
  /** Shares the holding until the scope closes, and takes it where nobody has it. While it is being given back, waits, and takes it again. */
  readonly hold: (take: Effect.Effect<A, E, Scope.Scope>) => Effect.Effect<A, E, Scope.Scope>
  /** Undefined while nobody holds it. */
  readonly current: () => A | undefined
}

export const makeSharedHolding = <A, E>(): Effect.Effect<SharedHolding<A, E>> =>
  Effect.map(Semaphore.make(1), (turn) => {
    let held: { readonly value: A; readonly scope: Scope.Closeable } | undefined
    let holders = 0

    const first = (take: Effect.Effect<A, E, Scope.Scope>) => {
      const scope = Scope.makeUnsafe()
      return Effect.provideService(take, Scope.Scope, scope).pipe(
        Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
        Effect.map((value) => (held = { value, scope })),
      )
    }
    const join = (take: Effect.Effect<A, E, Scope.Scope>) =>
      turn.withPermit(
        Effect.suspend(() => (held === undefined ? first(take) : Effect.succeed(held))).pipe(
          Effect.map(({ value }) => {
            holders += 1
            return value
          }),
        ),
      )
    const leave = turn.withPermit(
      Effect.suspend(() => {
        holders -= 1
        if (holders > 0 || held === undefined) return Effect.void
        const { scope } = held
        held = undefined
        return Scope.close(scope, Exit.void)
      }),
    )
    return { hold: (take) => Effect.acquireRelease(join(take), () => leave), current: () => held?.value }
  })
