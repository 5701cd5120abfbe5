/** Reads the resources of one page of the inventory for a sync, and records what was read. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { SqlError } from "effect/sql/SqlError"
import { driftResult, failedRead, type ResourceResult } from "../apply/ResourceResult.ts"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import { type DriftReadError, makeDriftRead } from "../plan/DriftRead.ts"
import { identityOf } from "../plan/PlannedClaims.ts"
import type { DestroyedForma } from "../plan/DestroyedForma.ts"
import { makePresentConfig } from "../plan/PresentConfig.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import { Claims } from "../records/Claims.ts"
import { DriftObserver, reportDrift } from "../records/DriftFound.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { type FoundNow, hasDrift } from "../records/LastRead.ts"
import { LastReads, type RowToRead } from "../records/LastReads.ts"
import type { StateError } from "../records/StateError.ts"
import { StateOwnership } from "../records/StateOwnership.ts"

/** What became of one resource. */
export type Outcome =
  | { readonly _tag: "Read"; readonly result: ResourceResult | undefined }
  | { readonly _tag: "Failed"; readonly result: ResourceResult }
  | { readonly _tag: "LeftOut"; readonly row: InventoryRow }

/** What was read of one resource, to be recorded. */
interface Reading {
  readonly _tag: "ToRecord"
  readonly one: RowToRead
  readonly found: FoundNow
}

export const makeSyncPage = Effect.gen(function* () {
  const claims = yield* Claims
  const lastReads = yield* LastReads
  const ownership = yield* StateOwnership
  const read = yield* makeRowRead
  const report = reportDrift(yield* DriftObserver)

  /** Whether a command is working on it now, or has left an operation on it open. */
  const isTaken = Effect.fnUntraced(function* (row: InventoryRow): Effect.fn.Return<boolean, SqlError> {
    return (yield* claims.isClaimed(identityOf(row.type, row.nativeId))) || (yield* lastReads.isOpen(row))
  })

  const readOne = Effect.fnUntraced(function* (
    one: RowToRead,
    targets: DestroyedForma["targets"],
  ): Effect.fn.Return<Outcome | Reading, SqlError> {
    const { row } = one
    if (yield* isTaken(row)) return { _tag: "LeftOut", row }
    const found = yield* Effect.result(read(row, targets))
    if (found._tag === "Failure") return { _tag: "Failed", result: failedRead(row, errorOf(found.failure)) }
    // Asked again: a command that has come meanwhile may have changed what was read.
    if (yield* isTaken(row)) return { _tag: "LeftOut", row }
    return { _tag: "ToRecord", one, found: found.success }
  })

  const recordOne = Effect.fnUntraced(function* (reading: Outcome | Reading): Effect.fn.Return<Outcome, StateError> {
    if (reading._tag !== "ToRecord") return reading
    const { row } = reading.one
    const recording = yield* lastReads.record(reading.one, reading.found)
    if (recording._tag !== "Recorded") return { _tag: "LeftOut", row }
    const { lastRead } = recording
    yield* report(row, lastRead)
    return { _tag: "Read", result: hasDrift(lastRead) ? driftResult({ ...row, lastRead }) : undefined }
  })

  /** Commands of this agent go first. */
  const concurrency = Effect.map(claims.documents, (claimed) =>
    claimed === "all" || claimed.size > 0 ? readsBesideCommands : readsAtOnce,
  )

  /** A command of another agent, which has the state for longer, is waited for as long. */
  const hold = Effect.retry(ownership.holdForAMoment, {
    schedule: holdSchedule,
    while: ({ _tag }) => _tag === "StateInUse",
  })

  /**
   * Reads a page, and records what was read. Between two pages, another agent may
   * take the state: if it keeps it, what was read is left out.
   */
  const syncPage = Effect.fnUntraced(function* (
    page: ReadonlyArray<RowToRead>,
    targets: DestroyedForma["targets"],
  ): Effect.fn.Return<ReadonlyArray<Outcome>, StateError> {
    const readings = yield* Effect.forEach(page, (one) => readOne(one, targets), { concurrency: yield* concurrency })
    return yield* Effect.scoped(
      Effect.andThen(hold, Effect.forEach(readings, recordOne, { concurrency: "unbounded" })),
    ).pipe(Effect.catchTag(["StateInUse", "StateTaken"], () => Effect.succeed(readings.map(unrecorded))))
  })

  return { hold, syncPage }
})

/** Reads by the target of the document, where that names the place of the resource. */
const makeRowRead = Effect.gen(function* () {
  const presentConfigOf = yield* makePresentConfig
  const read = yield* makeDriftRead
  return (row: InventoryRow, targets: DestroyedForma["targets"] = {}) =>
    Effect.flatMap(presentConfigOf(row, targets), (config) => read(row, config ?? row.targetConfig))
})

/** How long a sync waits for the state. */
const holdSchedule = Schedule.upTo(Schedule.spaced("200 millis"), { duration: "3 seconds" })

const unrecorded = (reading: Outcome | Reading): Outcome =>
  reading._tag === "ToRecord" ? { _tag: "LeftOut", row: reading.one.row } : reading

const errorOf = (error: DriftReadError): ChangeError =>
  error._tag === "ChangeFailed" ? changeErrorOf(error) : { code: error._tag, message: error.message }

/** Reads that go on side by side may share a call of a provider. A quarter of what a plugin has under way at most. */
const readsAtOnce = 16

/** While a command is running, the calls of providers are its own. */
const readsBesideCommands = 2
