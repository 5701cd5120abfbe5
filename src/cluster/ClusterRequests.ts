/** The commands that clients ask this runner for. Each is run by the runner that has its forma. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import { Agent } from "../agent/Agent.ts"
import { type ApiAnswer, hasEnded } from "../control/api/ApiCommand.ts"
import { Refused } from "../control/api/ApiFailure.ts"
import { schemaVersion } from "../control/api/version.ts"
import { CommandRequests } from "../control/server/CommandRequests.ts"
import { makeLiveCommand, type WatchedCommand } from "../control/server/LiveCommand.ts"
import { RequestKeys } from "../control/server/RequestKeys.ts"
import { notFound, notRead } from "../control/server/requestErrors.ts"
import { makeAskRunner } from "./askRunner.ts"
import { FormaEntity } from "./FormaEntity.ts"
import { orNextRunner } from "./orNextRunner.ts"
import { RequestBodies } from "./RequestBodies.ts"

/** How often it is looked for in the state whether a command has ended: its runner may be cut off from this one. */
const lookMillis = 1_000

/** A runner answers a look after 25 seconds, if nothing has changed. */
const longLookMillis = 30_000

/** The same answer would be refused a second time, so it is not given again before nobody waits for it any more. */
const onceMillis = 60_000

const make = Effect.gen(function* () {
  const agent = yield* Agent
  const bodies = yield* RequestBodies
  const keys = yield* RequestKeys
  const client = yield* FormaEntity.client
  const ask = yield* makeAskRunner

  const keptOf = (key: string) => Effect.mapError(bodies.find(key), notRead)

  /** What became of a command that has ended. */
  const endedRecord = (key: string) => Effect.map(Effect.mapError(keys.find(key), notRead), (kept) => kept?.record)

  const find = Effect.fnUntraced(function* (key: string, after?: number) {
    const ended = yield* endedRecord(key)
    if (ended !== undefined) return ended
    const kept = yield* keptOf(key)
    if (kept === undefined) return yield* notFound(key)
    const look = orNextRunner(client(kept.entity).Look(after === undefined ? { key } : { key, after }), longLookMillis)
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
      const entity = (yield* keptOf(key))?.entity ?? (yield* Effect.mapError(bodies.entityOfCommand(key), notRead))
      // It may be one that this runner does for no document.
      if (entity === undefined) return how === "stop" && (yield* agent.stop(key))
      return (yield* orNextRunner(client(entity).Cancel({ key, how }))).wasRunning
    }),
    answer: Effect.fnUntraced(function* (key, answer: ApiAnswer) {
      const kept = yield* keptOf(key)
      if (kept !== undefined) return yield* orNextRunner(client(kept.entity).Answer({ key, answer }), onceMillis)
      const ended = yield* endedRecord(key)
      if (ended === undefined || !hasEnded(ended)) return yield* notFound(key)
      const message = `The command ${key} has ended, so it asks no question`
      return yield* new Refused({ schemaVersion, code: "QuestionNotOpen", message })
    }),
  })
})

/** `CommandRequests` over the runners of a cluster. */
export const layerClusterRequests = Layer.effect(CommandRequests, make)
