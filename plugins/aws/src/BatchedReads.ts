/** Reads of single resources that go on side by side become one call of the service. */
import { ProviderError, Requests } from "formae/plugin"
import type { ErrorCode } from "formae/protocol"
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
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
 * them again. Where the service refuses what it was asked for, one id may be to
 * blame, and each is read by itself. After a call that was throttled, the next one waits, so that
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
  // A call for several is within a limit of its own, and the others wait for its turn too.
  return (connection, id) => Requests.uncounted(Effect.request(request({ id, connection }), resolverFor(connection)))
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

  /** The caller that waits has a longer limit. A call that never ends must not keep the next one waiting. */
  const ask = (connection: Connection<Client>, ids: ReadonlyArray<string>) =>
    call(connection, ids).pipe(
      (asked) => Requests.timeoutOrElse(asked, { duration: callLimit, orElse: () => Effect.fail(unanswered) }),
      Effect.exit,
      Effect.tap((exit) => Effect.sync(() => (pauseMillis = nextPauseMillis(pauseMillis, exit)))),
    )

  const answer = Effect.fnUntraced(function* (entries: Arr.NonEmptyArray<Request.Entry<Read<Client, A>>>) {
    const [{ request }] = entries
    const byId = Map.groupBy(entries, (entry) => entry.request.id)
    const ids = [...byId.keys()]
    const complete = (id: string, exit: Exit.Exit<ReadonlyMap<string, A>, ProviderError>) => {
      for (const entry of byId.get(id) ?? []) entry.completeUnsafe(Exit.map(exit, (found) => found.get(id)))
    }
    const exit = yield* ask(request.connection, ids)
    if (ids.length === 1 || !isRefusedForOne(exit)) return ids.forEach((id) => complete(id, exit))
    for (const id of ids) complete(id, yield* ask(request.connection, [id]))
  })

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

/** One of several ids may be what the service has refused with this. To say `NotFound` of the others would be to say that they are gone. */
const refusalsOfOne: ReadonlySet<ErrorCode> = new Set(["GeneralServiceException", "InvalidRequest", "NotFound"])

const isRefusedForOne = (exit: Exit.Exit<unknown, ProviderError>): boolean =>
  Exit.isFailure(exit) && Option.exists(Cause.findErrorOption(exit.cause), ({ code }) => refusalsOfOne.has(code))

const callLimit = Duration.seconds(30)

const unanswered = ProviderError.of(
  "ServiceTimeout",
  `The service has not answered within ${Duration.toSeconds(callLimit)} seconds`,
)
