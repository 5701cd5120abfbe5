/** The commands that clients ask this runner for. Each is run by the runner that has its forma. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import { Agent } from "../agent/Agent.ts"
import type { Caller } from "../control/api/Access.ts"
import { type ApiAnswer, type ApiCommand, hasEnded } from "../control/api/ApiCommand.ts"
import { Refused } from "../control/api/ApiFailure.ts"
import { schemaVersion } from "../control/api/version.ts"
import { CommandRequests } from "../control/server/CommandRequests.ts"
import { makeLiveCommand, type WatchedCommand } from "../control/server/LiveCommand.ts"
import { canonicalBody, RequestKeys } from "../control/server/RequestKeys.ts"
import { keyReused, notFound, notKept, notRead } from "../control/server/requestErrors.ts"
import { commandOf } from "../control/server/runCommand.ts"
import { FormaEntity } from "./FormaEntity.ts"
import { FormaPlaces } from "./FormaPlaces.ts"
import { orNextRunner } from "./orNextRunner.ts"
import { type RequestBody, RequestBodies } from "./RequestBodies.ts"

/** How often it is looked for in the state whether a command has ended: its runner may be cut off from this one. */
const lookMillis = 1_000

const make = Effect.gen(function* () {
  const agent = yield* Agent
  const bodies = yield* RequestBodies
  const keys = yield* RequestKeys
  const places = yield* FormaPlaces
  const client = yield* FormaEntity.client

  const keptOf = (key: string) => Effect.mapError(bodies.find(key), notRead)

  /** What became of a command that has ended. */
  const endedRecord = (key: string) => Effect.map(Effect.mapError(keys.find(key), notRead), (kept) => kept?.record)

  const isSameBody = (kept: RequestBody, command: ApiCommand) =>
    Effect.map(Effect.mapError(kept.command, notRead), (one) => canonicalBody(one) === canonicalBody(command))

  const ask = Effect.fnUntraced(function* (key: string, command: ApiCommand, caller: Caller) {
    const known = yield* Effect.mapError(keys.find(key), notKept)
    if (known !== undefined && !(yield* known.isSame(command))) return yield* keyReused(key)
    if (known?.record !== undefined) return known.record
    yield* commandOf(agent, command)
    let kept = yield* keptOf(key)
    if (kept === undefined) {
      const entity = yield* places.entityOf(command)
      yield* Effect.mapError(bodies.keep({ key, entity, askedBy: caller.name }, command), notKept)
      kept = yield* keptOf(key)
      if (kept === undefined) return yield* notKept({ message: "it was removed at the same moment" })
    }
    if (!(yield* isSameBody(kept, command))) return yield* keyReused(key)
    const { entity } = kept
    yield* orNextRunner(client(entity).Run({ key }, { discard: true }))
    return yield* orNextRunner(client(entity).Begin({ key }))
  })

  const find = Effect.fnUntraced(function* (key: string, after?: number) {
    const ended = yield* endedRecord(key)
    if (ended !== undefined) return ended
    const kept = yield* keptOf(key)
    if (kept === undefined) return yield* notFound(key)
    const look = orNextRunner(client(kept.entity).Look(after === undefined ? { key } : { key, after }))
    const ends = endedRecord(key).pipe(
      Effect.delay(lookMillis),
      Effect.repeat({ schedule: Schedule.forever, until: (record) => record !== undefined }),
      Effect.filterOrElse(Predicate.isNotUndefined, () => Effect.never),
    )
    return yield* Effect.raceFirst(look, ends)
  })

  /** Each look asks the runner that has the command then. */
  const watched = Effect.fnUntraced(function* (key: string) {
    const live = makeLiveCommand(yield* find(key))
    const awaitChange = Effect.suspend(() => find(key, live.record().revision)).pipe(
      Effect.tap((record) => Effect.sync(() => live.change(() => ({ ...record, revision: record.revision - 1 })))),
      Effect.asVoid,
      // Who watches asks again.
      Effect.catch(() => Effect.sleep(lookMillis)),
    )
    return { record: live.record, awaitChange } satisfies WatchedCommand
  })

  return CommandRequests.of({
    ask,
    // Its message is kept until it has ended.
    continueKept: () => Effect.succeed(true),
    find,
    live: watched,
    settled: Effect.void,
    cancel: Effect.fnUntraced(function* (key, how) {
      const kept = yield* Effect.orElseSucceed(keptOf(key), () => undefined)
      if (kept === undefined) return how === "stop" && (yield* agent.stop(key))
      const canceled = orNextRunner(client(kept.entity).Cancel({ key, how }))
      return yield* Effect.orElseSucceed(
        Effect.map(canceled, ({ wasRunning }) => wasRunning),
        () => false,
      )
    }),
    answer: Effect.fnUntraced(function* (key, answer: ApiAnswer) {
      const kept = yield* keptOf(key)
      if (kept !== undefined) return yield* orNextRunner(client(kept.entity).Answer({ key, answer }))
      const ended = yield* endedRecord(key)
      if (ended === undefined || !hasEnded(ended)) return yield* notFound(key)
      const message = `The command ${key} has ended, so it asks no question`
      return yield* new Refused({ schemaVersion, code: "QuestionNotOpen", message })
    }),
  })
})

/** `CommandRequests` over the runners of a cluster. */
export const layerClusterRequests = Layer.effect(CommandRequests, make)
