/** Sync: reads what exists, and records it beside what is wanted. Changes nothing at a provider, and makes no command wait. */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { driftResult, failedRead, type ResourceResult } from "../apply/ResourceResult.ts"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import { type DriftReadError, makeDriftRead } from "../plan/DriftRead.ts"
import { identityOf } from "../plan/PlannedClaims.ts"
import type { DestroyedForma } from "../plan/Planner.ts"
import { makePresentConfig } from "../plan/PresentConfig.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import { Claims } from "../records/Claims.ts"
import type { DocumentConflict, DocumentSource } from "../records/DocumentSource.ts"
import { DriftObserver, reportDrift } from "../records/DriftFound.ts"
import type { InventoryRow, InventoryUnreadable } from "../records/Inventory.ts"
import { type FoundNow, hasDrift } from "../records/LastRead.ts"
import { LastReads, type RowToRead } from "../records/LastReads.ts"
import type { StateError } from "../records/StateError.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import { type CommandResult, makeCommandResult, withNotes } from "./CommandResult.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { Note } from "./Note.ts"
import { Notes } from "./Notes.ts"

/** What a sync reads. Everything if it is left out. */
export interface SyncOptions {
  /** Only the resources of this forma. With targets, they are reached by those where they name the same place. */
  readonly forma?: string | DestroyedForma | undefined
  /** Where the document of the forma was read, as in `CommandOptions`. */
  readonly document?: DocumentSource | undefined
  /** Only the resources with these labels. */
  readonly labels?: ReadonlyArray<string> | undefined
  /**
   * Whether to set back what has drifted in resources with `drift: repair`, by a
   * command for each forma, which stands in the journal. Only values that the
   * document states are set, and what is gone is created again; nothing is
   * replaced or deleted. Notes say what was done.
   */
  readonly repair?: boolean | undefined
}

/** Why a sync could not read or write the state. */
export type SyncError = AgentUnreachable | DocumentConflict | InventoryUnreadable | StateError

/** What became of one resource. */
type Outcome =
  | { readonly _tag: "Read"; readonly result: ResourceResult | undefined }
  | { readonly _tag: "Failed"; readonly result: ResourceResult }
  | { readonly _tag: "LeftOut"; readonly row: InventoryRow }

/** What was read of one resource, to be recorded. */
interface Reading {
  readonly _tag: "ToRecord"
  readonly one: RowToRead
  readonly found: FoundNow
}

export const makeSync = Effect.fnUntraced(function* (
  repair: (found: ReadonlyArray<ResourceResult>) => Effect.Effect<ReadonlyArray<Note>>,
) {
  const claims = yield* Claims
  const documents = yield* DocumentEntry
  const lastReads = yield* LastReads
  const notes = yield* Notes
  const ownership = yield* StateOwnership
  const read = yield* makeRowRead
  const report = reportDrift(yield* DriftObserver)
  const oneAtATime = Semaphore.makeUnsafe(1)

  /** Whether a command is working on it now, or has left an operation on it open. */
  const isTaken = Effect.fnUntraced(function* (row: InventoryRow): Effect.fn.Return<boolean, SqlError> {
    const claimed = yield* claims.identities
    return claimed.has(identityOf(row.type, row.nativeId)) || (yield* lastReads.isOpen(row))
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

  /** Reads a page, and writes what was read. Between two pages, another agent may take the state. */
  const syncPage = Effect.fnUntraced(function* (
    page: ReadonlyArray<RowToRead>,
    targets: DestroyedForma["targets"],
  ): Effect.fn.Return<ReadonlyArray<Outcome>, StateError> {
    const readings = yield* Effect.forEach(page, (one) => readOne(one, targets), {
      concurrency: yield* concurrencyBeside(claims),
    })
    return yield* Effect.scoped(
      Effect.andThen(ownership.hold, Effect.forEach(readings, recordOne, { concurrency: "unbounded" })),
    )
  })

  const sync = Effect.fn("Agent.sync")(function* ({
    document,
    forma,
    labels,
    repair: isRepaired = false,
  }: SyncOptions = {}): Effect.fn.Return<CommandResult, SyncError> {
    // Who cannot write what was read need not read.
    yield* Effect.scoped(ownership.hold)
    const given = typeof forma === "string" ? { name: forma } : forma
    const entered = given === undefined ? undefined : yield* documents.look(given.name, document)
    const unknown = entered === undefined ? [] : yield* notes.onUnknownName(entered.name)
    const found: Array<ResourceResult> = []
    const leftOut = new Map<string, Array<string>>()
    let count = 0
    yield* Stream.runForEach(
      Stream.chunks(lastReads.pages({ forma: entered?.name, labels })),
      Effect.fnUntraced(function* (page) {
        for (const outcome of yield* syncPage(page, given?.targets)) {
          if (outcome._tag === "LeftOut") {
            const { forma: of, label } = outcome.row
            leftOut.set(of, [...(leftOut.get(of) ?? []), label])
            continue
          }
          if (outcome._tag === "Read") count += 1
          if (outcome.result !== undefined) found.push(outcome.result)
        }
      }),
    )
    const left = [...leftOut].map(([of, all]) => Note.cases.LeftOut.make({ forma: of, labels: all }))
    const repaired = isRepaired ? yield* repair(found) : []
    const result = { ...makeCommandResult("sync", found), read: count }
    return withNotes(result, [...(entered?.notes ?? []), ...unknown, ...left, ...repaired])
  })

  return (options?: SyncOptions) => oneAtATime.withPermit(sync(options))
})

/** Reads by the target of the document, where that names the place of the resource. */
const makeRowRead = Effect.gen(function* () {
  const presentConfigOf = yield* makePresentConfig
  const read = yield* makeDriftRead
  return (row: InventoryRow, targets: DestroyedForma["targets"] = {}) =>
    Effect.flatMap(presentConfigOf(row, targets), (config) => read(row, config ?? row.targetConfig))
})

const errorOf = (error: DriftReadError): ChangeError =>
  error._tag === "ChangeFailed" ? changeErrorOf(error) : { code: error._tag, message: error.message }

/** Commands of this agent go first. */
const concurrencyBeside = ({ documents }: Claims["Service"]) =>
  Effect.map(documents, (claimed) => (claimed === "all" || claimed.size > 0 ? readsBesideCommands : readsAtOnce))

/** Reads that go on side by side may share a call of a provider. A quarter of what a plugin has under way at most. */
const readsAtOnce = 16

/** While a command is running, the calls of providers are its own. */
const readsBesideCommands = 2
