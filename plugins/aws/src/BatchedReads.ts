/** Reads of single resources that go on side by side become one call of the service. */
import { ProviderError } from "formae/plugin"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Request from "effect/Request"
import * as RequestResolver from "effect/RequestResolver"
import * as Semaphore from "effect/Semaphore"
import type { AwsClients } from "./AwsClients.ts"
import type { Connection } from "./Connection.ts"
import { nextPauseMillis } from "./BatchPause.ts"
import type { Target } from "./Target.ts"

export interface BatchedReads<Client, A> {
  /** How many ids the service takes at once. */
  readonly size: number
  /** Reads one. It need not be in what `several` can say, such as which error it is that it does not exist. */
  readonly one: (connection: Connection<Client>, id: string) => Effect.Effect<A | undefined, ProviderError>
  /** Reads several. What does not exist is left out, and fails nothing. */
  readonly several: (
    connection: Connection<Client>,
    ids: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyMap<string, A>, ProviderError>
}

interface Read<Client, A> extends Request.Request<A | undefined, ProviderError> {
  readonly id: string
  readonly connection: Connection<Client>
}

/**
 * A read by id that shares its call with others of its kind and target. While one
 * call is under way, the reads that arrive wait for the next: so what comes
 * side by side is asked together, and a read that is alone waits for nothing.
 *
 * If a call fails, all of its reads fail with it, and the operator tries each of
 * them again. After a call that was throttled, the next one waits, so that
 * these come together once more.
 */
export const batchedReads = <Client, A>(
  reads: BatchedReads<Client, A>,
): ((connection: Connection<Client>, id: string) => Effect.Effect<A | undefined, ProviderError>) => {
  const request = Request.of<Read<Client, A>>()
  const resolvers = new WeakMap<AwsClients["Service"], Map<string, RequestResolver.RequestResolver<Read<Client, A>>>>()
  const resolverFor = ({ clients, target }: Connection<Client>) => {
    const ofClients = resolvers.get(clients) ?? new Map<string, RequestResolver.RequestResolver<Read<Client, A>>>()
    resolvers.set(clients, ofClients)
    const key = keyOf(target)
    const resolver = ofClients.get(key) ?? makeResolver(reads)
    ofClients.set(key, resolver)
    return resolver
  }
  return (connection, id) => Effect.request(request({ id, connection }), resolverFor(connection))
}

const keyOf = ({ endpoint, profile, region }: Target): string => JSON.stringify([region, endpoint, profile])

const makeResolver = <Client, A>({ one, several, size }: BatchedReads<Client, A>) => {
  const turn = Semaphore.makeUnsafe(1)
  let pauseMillis = 0

  const call = Effect.fnUntraced(function* (
    connection: Connection<Client>,
    ids: ReadonlyArray<string>,
  ): Effect.fn.Return<ReadonlyMap<string, A>, ProviderError> {
    const [first = "", ...others] = ids
    if (others.length > 0) return yield* several(connection, ids)
    const found = yield* one(connection, first)
    return new Map(found === undefined ? [] : [[first, found]])
  })

  const answer = (entries: Arr.NonEmptyArray<Request.Entry<Read<Client, A>>>) => {
    const [
      {
        request: { connection },
      },
    ] = entries
    return call(connection, [...new Set(entries.map(({ request }) => request.id))]).pipe(
      // Whoever waits has a longer limit. A call that never ends must not keep the next one waiting.
      Effect.timeoutOrElse({ duration: callLimit, orElse: () => Effect.fail(unanswered) }),
      Effect.exit,
      Effect.map((exit) => {
        pauseMillis = nextPauseMillis(pauseMillis, exit)
        for (const entry of entries) entry.completeUnsafe(Exit.map(exit, (found) => found.get(entry.request.id)))
      }),
    )
  }

  return RequestResolver.make<Read<Client, A>>((entries) =>
    turn.withPermits(1)(Effect.forEach(Arr.chunksOf(entries, size), answer, { discard: true })),
  ).pipe(
    RequestResolver.setDelayEffect(
      Effect.suspend(() => (pauseMillis === 0 ? nextTurnOfLoop : Effect.sleep(pauseMillis))).pipe(
        Effect.andThen(turn.withPermits(1)(Effect.void)),
      ),
    ),
  )
}

/** What has arrived together is handled within a turn of the event loop. */
const nextTurnOfLoop = Effect.callback<void>((resume) => {
  const waiting = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(waiting))
})

const callLimit = "30 seconds"

const unanswered = ProviderError.of("ServiceTimeout", `The service has not answered within ${callLimit}`)
