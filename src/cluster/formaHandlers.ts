/** What the runner of a forma does with its commands. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { StopRequests } from "../agent/operations/StopRequests.ts"
import type { VaultUnavailable } from "../agent/store/Vault.ts"
import { hasEnded } from "../control/api/ApiCommand.ts"
import { type NotFound, Refused, type Unavailable } from "../control/api/ApiFailure.ts"
import { schemaVersion } from "../control/api/version.ts"
import type { CommandRequests } from "../control/server/CommandRequests.ts"
import { commandCanceled, notFound, notRead } from "../control/server/requestErrors.ts"
import { FormaEntity, HandedOver } from "./FormaEntity.ts"
import { makeHoldings } from "./FormaHoldings.ts"
import { formaOfEntity } from "./placement.ts"
import { RequestBodies, type RequestDamaged } from "./RequestBodies.ts"

type Requests = CommandRequests["Service"]

/** How long a command has to come to a safe point when its forma is handed over. Then it is interrupted, and the next runner asks what became of its operations. */
export const handOverMillis = 10_000

/** For so long, who asks for a command that was canceled is told so by its request. */
const tellMillis = 10_000

/** The state may be readable again. */
const retrying = Schedule.spaced("1 second")

/** Says each thing once, as long as nothing else is said in between. */
const onceEach = (say: (message: string) => Effect.Effect<void>) => {
  let last: string | undefined
  return (message: string) =>
    Effect.suspend(() => {
      if (message === last) return Effect.void
      last = message
      return say(message)
    })
}

/** The commands of one forma on the runner that has its shard. */
const makeHandlers = Effect.gen(function* () {
  const { entityId, handOver, within } = yield* makeHoldings
  const bodies = yield* RequestBodies
  const stops = yield* StopRequests

  /** A runner that leaves answers nothing more: the same is asked of the next one. */
  const orHandedOver = <A, E, R>(use: (requests: Requests) => Effect.Effect<A, E, R>) =>
    within((requests) =>
      Effect.gen(function* () {
        if (yield* stops.isLeaving) return yield* new HandedOver({})
        return yield* Effect.raceFirst(
          use(requests),
          Effect.andThen(stops.awaitLeaving, Effect.fail(new HandedOver({}))),
        )
      }),
    )

  const begin = Effect.fnUntraced(function* (requests: Requests, key: string) {
    const kept = yield* Effect.mapError(bodies.find(key), notRead)
    // It has ended.
    if (kept === undefined) return yield* Effect.catchTag(requests.find(key), "NotFound", () => forgotten(key))
    const command = yield* Effect.mapError(kept.command, notKnown)
    return yield* requests.ask(key, command, { name: kept.askedBy, isOwner: false })
  })

  /** A damaged row says no more later. */
  const notKnown = (error: RequestDamaged | VaultUnavailable) =>
    error._tag === "RequestDamaged"
      ? new Refused({ schemaVersion, code: error._tag, message: error.message })
      : notRead(error)

  const forgotten = (key: string) => Effect.fail(notRead({ message: notFound(key).message }))

  /** A client may ask before the message of the command has come. */
  const found = <A, E extends { readonly _tag: string }>(
    requests: Requests,
    key: string,
    effect: Effect.Effect<A, E>,
  ): Effect.Effect<A, E | NotFound | Unavailable> =>
    Effect.catch(effect, (error): Effect.Effect<A, E | NotFound | Unavailable> => {
      if (error._tag !== "NotFound") return Effect.fail(error)
      const begun = Effect.catchTag(begin(requests, key), ["BadRequest", "Refused"], () => Effect.fail(notFound(key)))
      return Effect.andThen(begun, effect)
    })

  /** What another runner has left begins here, and stops at its next safe point. */
  const cancel = Effect.fnUntraced(function* (requests: Requests, key: string, how: "stop" | "interrupt") {
    if (yield* requests.cancel(key, how)) return true
    if ((yield* Effect.mapError(bodies.find(key), notRead)) === undefined) return false
    // It is refused where somebody has canceled it before.
    yield* Effect.catchTag(begin(requests, key), ["BadRequest", "Refused"], () => Effect.void)
    return yield* requests.cancel(key, how)
  })

  /** Ends once the command has ended, and never where it is left to the next runner. */
  const runToEnd = Effect.fnUntraced(function* (requests: Requests, key: string) {
    // It has ended before, and the runner of then was gone before it could say so.
    if ((yield* Effect.mapError(bodies.find(key), notRead)) === undefined) return
    // Who asks for it just now is told so first. Nobody continues it under this key.
    const forgetCanceled = ({ code }: Refused) =>
      code === commandCanceled ? Effect.delay(bodies.forget(key), tellMillis) : Effect.void
    let record = yield* Effect.tapErrorTag(begin(requests, key), "Refused", forgetCanceled)
    while (!hasEnded(record)) record = yield* requests.find(key, record.revision)
    yield* bodies.forget(key)
    yield* Effect.logInfo(`The ${record.command} of ${formaOfEntity(entityId)} (request ${key}) has ended`)
  })

  return FormaEntity.of({
    Run: ({ payload: { key } }) => {
      const warn = onceEach((message) => Effect.logWarning(`The request ${key} waits: ${message}`))
      return within((requests) => runToEnd(requests, key)).pipe(
        // Nothing is done, and the client was told so.
        Effect.catchTag(["BadRequest", "Refused"], () => Effect.void),
        Effect.tapError(({ message }) => warn(message)),
        Effect.retry(retrying),
        Effect.orDie,
        Effect.onInterrupt(() => Effect.timeoutOption(handOver, handOverMillis)),
      )
    },
    Begin: ({ payload: { key } }) => orHandedOver((requests) => begin(requests, key)),
    Look: ({ payload: { after, key } }) => orHandedOver((requests) => found(requests, key, requests.find(key, after))),
    Answer: ({ payload: { answer, key } }) =>
      orHandedOver((requests) => found(requests, key, requests.answer(key, answer))),
    Cancel: ({ payload: { how, key } }) =>
      orHandedOver((requests) =>
        Effect.map(cancel(requests, key, how), (wasRunning) => ({ schemaVersion, wasRunning })),
      ),
  })
})

/** The formae that this runner has. */
export const layerForma = FormaEntity.toLayer(makeHandlers, { concurrency: "unbounded" })
