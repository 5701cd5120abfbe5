/** What the runner of a forma does with its commands. */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Entity from "effect/cluster/Entity"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { CurrentTerm, Lease } from "../agent/launch/Lease.ts"
import { HandOver, StopRequests } from "../agent/operations/StopRequests.ts"
import { Holders } from "../agent/records/cluster/Holders.ts"
import { CurrentHolder, partOfForma } from "../agent/records/CurrentHolder.ts"
import { hasEnded } from "../control/api/ApiCommand.ts"
import type { NotFound, Unavailable } from "../control/api/ApiFailure.ts"
import { schemaVersion } from "../control/api/version.ts"
import { CommandRequests } from "../control/server/CommandRequests.ts"
import { FirstRevision } from "../control/server/LiveCommand.ts"
import { notFound, notRead } from "../control/server/requestErrors.ts"
import { FormaEntity, HandedOver } from "./FormaEntity.ts"
import { formaOfEntity } from "./placement.ts"
import { RequestBodies } from "./RequestBodies.ts"

/** How long a command has to come to a safe point when its forma is handed over. Then it is interrupted, and the next runner asks what became of its operations. */
export const handOverMillis = 10_000

/** A record has no more changes than that with one runner. */
const revisionsOfEpoch = 1_000_000

/** The state may be readable again. */
const retrying = Schedule.spaced("1 second")

/** The time in which this runner may act. It waits until there is one. */
const beginTerm = Effect.gen(function* () {
  const lease = yield* Lease
  if (lease === undefined) return undefined
  while (lease.current() === undefined) yield* lease.renewed
  return lease.current()
})

/**
 * The commands of one forma on the runner that has its shard. To have it is to hold
 * the forma under a new epoch: what a runner before writes from then on is refused.
 */
const makeHandlers = Effect.gen(function* () {
  const { entityId } = yield* Entity.CurrentAddress
  const bodies = yield* RequestBodies
  const stops = yield* StopRequests
  const holder = yield* Effect.orDie((yield* Holders).activate(partOfForma(entityId)))
  const over = Deferred.makeUnsafe<void>()
  yield* Effect.logInfo(`This runner has the document ${formaOfEntity(entityId)} now (epoch ${holder.epoch})`)
  const term = yield* beginTerm
  // Its commands live as long as this runner has the forma.
  const requests = Context.get(yield* Layer.build(Layer.fresh(CommandRequests.layer)), CommandRequests)

  const asHolder = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      Effect.provideService(CurrentHolder, holder),
      Effect.provideService(HandOver, over),
      // Once this runner was silent for too long, nothing of what it has begun is sent any more, whatever it has by then.
      Effect.provideService(CurrentTerm, term),
      Effect.provideService(FirstRevision, holder.epoch * revisionsOfEpoch),
    )

  /** A runner that leaves answers nothing more: the same is asked of the next one. */
  const orHandedOver = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    asHolder(
      Effect.gen(function* () {
        if (yield* stops.isLeaving) return yield* new HandedOver({})
        return yield* Effect.raceFirst(effect, Effect.andThen(stops.awaitLeaving, Effect.fail(new HandedOver({}))))
      }),
    )

  const begin = Effect.fnUntraced(function* (key: string) {
    const kept = yield* Effect.mapError(bodies.find(key), notRead)
    // It has ended.
    if (kept === undefined) return yield* Effect.catchTag(requests.find(key), "NotFound", () => forgotten(key))
    const command = yield* Effect.mapError(kept.command, notRead)
    return yield* requests.ask(key, command, { name: kept.askedBy, isOwner: false })
  })

  const forgotten = (key: string) => Effect.fail(notRead({ message: notFound(key).message }))

  /** A client may ask before the message of the command has come. */
  const found = <A, E extends { readonly _tag: string }>(
    key: string,
    effect: Effect.Effect<A, E>,
  ): Effect.Effect<A, E | NotFound | Unavailable> =>
    Effect.catch(effect, (error): Effect.Effect<A, E | NotFound | Unavailable> => {
      if (error._tag !== "NotFound") return Effect.fail(error)
      const begun = Effect.catchTag(begin(key), ["BadRequest", "Refused"], () => Effect.fail(notFound(key)))
      return Effect.andThen(begun, effect)
    })

  /** Ends once the command has ended, and never where it is left to the next runner. */
  const runToEnd = Effect.fnUntraced(function* (key: string) {
    // It has ended before, and the runner of then was gone before it could say so.
    if ((yield* Effect.mapError(bodies.find(key), notRead)) === undefined) return
    const begun = yield* begin(key)
    let record = begun
    while (!hasEnded(record)) record = yield* requests.find(key, record.revision)
    yield* bodies.forget(key)
    yield* Effect.logInfo(`The ${record.command} of ${formaOfEntity(entityId)} (request ${key}) has ended`)
  })

  return FormaEntity.of({
    Run: ({ payload: { key } }) =>
      runToEnd(key).pipe(
        // Nothing is done, and whoever asked was told so.
        Effect.catchTag(["BadRequest", "Refused"], () => Effect.void),
        Effect.tapError(({ message }) => Effect.logWarning(`The request ${key} waits: ${message}`)),
        Effect.retry(retrying),
        Effect.orDie,
        asHolder,
        Effect.onInterrupt(() =>
          Effect.andThen(Deferred.succeed(over, undefined), Effect.timeoutOption(requests.settled, handOverMillis)),
        ),
      ),
    Begin: ({ payload: { key } }) => orHandedOver(begin(key)),
    Look: ({ payload: { after, key } }) => orHandedOver(found(key, requests.find(key, after))),
    Answer: ({ payload: { answer, key } }) => orHandedOver(found(key, requests.answer(key, answer))),
    Cancel: ({ payload: { how, key } }) =>
      orHandedOver(Effect.map(requests.cancel(key, how), (wasRunning) => ({ schemaVersion, wasRunning }))),
  })
})

/** The formae that this runner has. */
export const layerForma = FormaEntity.toLayer(makeHandlers, { concurrency: "unbounded" })
