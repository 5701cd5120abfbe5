/** What one runner of a cluster does for all of them. */
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Singleton from "effect/cluster/Singleton"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { Holders } from "../agent/records/cluster/Holders.ts"
import { CurrentHolder, partOfTask } from "../agent/records/CurrentHolder.ts"
import { watchDrift } from "../agent/DriftWatch.ts"
import { RequestBodies } from "./RequestBodies.ts"
import { logWaiting } from "./runnerLog.ts"
import { runnerName } from "./runnerNames.ts"

const hourMillis = 60 * 60 * 1_000

const againMillis = 10_000

/** How often it is looked for runners that are gone. */
const goneMillis = 5_000

/** So many at a time: a cluster that was busy is pruned over some hours. */
const maxPruned = 10_000

/** Messages whose command has ended a day ago. Their keys are forgotten with them, as those of requests are. */
export const pruneMessages: Effect.Effect<void, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  // Its runner ended it after another one had taken it over, and before that one had read it.
  yield* sql`UPDATE cluster_messages SET last_read = LOCALTIMESTAMP WHERE processed AND last_read IS NULL`
  yield* sql`
    WITH old AS (
      DELETE FROM cluster_messages WHERE request_id IN (
        SELECT request_id FROM cluster_messages
        WHERE processed AND last_read < LOCALTIMESTAMP - INTERVAL '1 day' LIMIT ${maxPruned})
      RETURNING request_id)
    DELETE FROM cluster_replies WHERE request_id IN (SELECT request_id FROM old)`
})

/** Does a task under a holding of its own, so that a runner that was paused in it writes nothing later. */
const asTask = <A, E extends { readonly message: string }, R>(name: string, task: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const holder = yield* (yield* Holders).activate(partOfTask(name))
    return yield* Effect.provideService(task, CurrentHolder, holder)
  }).pipe(
    Effect.scoped,
    // The database may be away for a moment.
    Effect.tapError((error) => logWaiting(`The task ${name} of the cluster waits`, error)),
    Effect.retry(Schedule.spaced(againMillis)),
    Effect.asVoid,
  )

/** Each hour. A failure is of the database, and is tried again in the next. */
const prune = Effect.gen(function* () {
  const bodies = yield* RequestBodies
  const once = Effect.andThen(pruneMessages, bodies.prune).pipe(
    Effect.catch((error) => logWaiting("Old messages of the cluster are not removed yet", error)),
  )
  yield* Effect.repeat(once, Schedule.spaced(hourMillis))
})

/** What runners that are gone have claimed for no document would be in the way of others for ever. */
const freeCommands = Effect.gen(function* () {
  const holders = yield* Holders
  const storage = yield* RunnerStorage.RunnerStorage
  const once = Effect.gen(function* () {
    const there = new Set((yield* storage.getRunners).map(([{ address }]) => runnerName(address)))
    // It is the one that was silent for too long, and does not know who else was.
    if (!there.has(holders.runner)) return
    for (const runner of yield* holders.freeCommands((one) => !there.has(one))) {
      yield* Effect.logInfo(`${runner} is gone. What its commands kept others from using is free`)
    }
  }).pipe(Effect.catch((error) => logWaiting("It is not known which runners are gone", error)))
  yield* Effect.repeat(once, Schedule.spaced(goneMillis))
})

/** Frees what runners that are gone have claimed for no document, on one runner. */
export const layerFreeing = Singleton.make("formae/free", freeCommands)

/** Looks for drift on one runner. */
export const layerDriftWatch = (driftMillis: number) =>
  Singleton.make("formae/drift", asTask("sync", watchDrift({ every: driftMillis })))

/** Removes what is old, and looks for drift where that is asked for, on one runner. */
export const layerHousekeeping = (driftMillis: number | undefined) =>
  Layer.mergeAll(
    Singleton.make("formae/prune", asTask("prune", prune)),
    layerFreeing,
    driftMillis === undefined ? Layer.empty : layerDriftWatch(driftMillis),
  )
