/** The holding of a forma on the runner that has its shard, and the commands that run under it. */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Entity from "effect/cluster/Entity"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { CurrentTerm, type HeldTerm, Lease } from "../agent/launch/Lease.ts"
import { HandOver } from "../agent/operations/StopRequests.ts"
import { Holders } from "../agent/records/cluster/Holders.ts"
import { CurrentHolder, type Holder, partOfForma } from "../agent/records/CurrentHolder.ts"
import { CommandRequests } from "../control/server/CommandRequests.ts"
import { EndHolding, FirstRevision } from "../control/server/LiveCommand.ts"
import { formaOfEntity } from "./placement.ts"

/** A record has no more changes than that under one epoch. */
const revisionsOfEpoch = 1_000_000

/** The state may be readable again. */
const looking = Schedule.spaced("1 second")

/** The time in which this runner may act. It waits until there is one. */
const beginTerm = Effect.gen(function* () {
  const lease = yield* Lease
  if (lease === undefined) return undefined
  while (lease.current() === undefined) yield* lease.renewed
  return lease.current()
})

/** What a runner has of a forma under one epoch, while its lease goes on without a break. */
interface Held {
  readonly holder: Holder
  readonly term: HeldTerm | undefined
  /** Its commands live as long as it is held. */
  readonly requests: CommandRequests["Service"]
  readonly scope: Scope.Closeable
  /** Completes when one of its commands has not reached the state. */
  readonly lost: Deferred.Deferred<void>
}

/** Whether nothing more can be written under it, or what it has said of the state may be wrong. */
const isOver = ({ lost, term }: Held): boolean => Deferred.isDoneUnsafe(lost) || term?.isOver() === true

/**
 * The forma of this entity. To hold it is to hold it under a new epoch: what a
 * runner before writes from then on is refused. Once this runner was silent for
 * too long, nothing of what it has begun is sent or written any more, whatever it
 * has by then. A command that does not reach the state ends the holding too. If
 * nobody else has taken the forma over, it takes it again, as if it were the next one.
 */
export const makeHoldings = Effect.gen(function* () {
  const { entityId, shardId } = yield* Entity.CurrentAddress
  const runner = yield* Entity.CurrentRunnerAddress
  const storage = yield* RunnerStorage.RunnerStorage
  const holders = yield* Holders
  const ofEntity = yield* Effect.scope
  const oneAtATime = Semaphore.makeUnsafe(1)
  const over = Deferred.makeUnsafe<void>()
  let held: Held | undefined

  /** Another one may have the shard by now, and this entity is about to end. It must not take the forma away from there. */
  const isMine = Effect.map(storage.refresh(runner, [shardId]), (mine) => mine.length > 0)

  const take = Effect.fnUntraced(
    function* (before: Held | undefined) {
      const scope = yield* Scope.fork(ofEntity)
      return yield* Effect.gen(function* () {
        const term = yield* beginTerm
        yield* Effect.repeat(isMine, { schedule: looking, until: (mine) => mine })
        const holder = yield* Scope.provide(holders.activate(partOfForma(entityId)), scope)
        // What still runs can write nothing by now.
        if (before !== undefined) yield* Scope.close(before.scope, Exit.void)
        yield* Effect.logInfo(`This runner has the document ${formaOfEntity(entityId)} now (epoch ${holder.epoch})`)
        const built = yield* Layer.buildWithScope(Layer.fresh(CommandRequests.layer), scope)
        return {
          holder,
          term,
          requests: Context.get(built, CommandRequests),
          scope,
          lost: Deferred.makeUnsafe<void>(),
        } satisfies Held as Held
      }).pipe(Effect.onError(() => Scope.close(scope, Exit.void)))
    },
    Effect.retry(looking),
    Effect.orDie,
  )

  const current = oneAtATime.withPermit(
    Effect.gen(function* () {
      if (held !== undefined && !isOver(held)) return held
      held = yield* take(held)
      return held
    }),
  )
  yield* current

  return {
    entityId,
    /** Does something with the commands of the forma, and again where the holding has ended meanwhile. */
    within: <A, E, R>(use: (requests: CommandRequests["Service"]) => Effect.Effect<A, E, R>) =>
      Effect.gen(function* () {
        while (true) {
          const { holder, lost, requests, term } = yield* current
          const asHolder = use(requests).pipe(
            Effect.provideService(CurrentHolder, holder),
            Effect.provideService(CurrentTerm, term),
            Effect.provideService(EndHolding, Effect.asVoid(Deferred.succeed(lost, undefined))),
            Effect.provideService(FirstRevision, holder.epoch * revisionsOfEpoch),
          )
          const ended = Effect.raceFirst(term?.over ?? Effect.never, Deferred.await(lost))
          const isDone = yield* Effect.raceFirst(Effect.asSome(asHolder), Effect.as(ended, undefined))
          if (isDone !== undefined && isDone._tag === "Some") return isDone.value
        }
      }).pipe(Effect.provideService(HandOver, over)),
    /** Hands its commands over: completes once they are at a safe point. */
    handOver: Effect.andThen(
      Deferred.succeed(over, undefined),
      Effect.suspend(() => held?.requests.settled ?? Effect.void),
    ),
  }
})
