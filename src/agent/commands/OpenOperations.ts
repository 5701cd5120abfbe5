/**
 * The operations of which the end is not known: taken up by the next command
 * of their forma, and settled by a human where nobody else can.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { type NativeId, namespaceOf } from "../../protocol/Identity.ts"
import type { InProgress } from "../../protocol/Progress.ts"
import type { ChangeObserver } from "../apply/ChangeEvent.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { ResourceUpdater } from "../apply/ResourceUpdater.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { type ChangeFailed, codeOf, isCanceled } from "../operations/ChangeFailed.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { StopRequest } from "../operations/StopRequest.ts"
import { type ChangeOperation, type ChangeSummary, type Held, reachOf, type Wanted } from "../plan/Change.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import { noChange, ofSuccess } from "../records/InventoryChanges.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"

/** What a human names is not an operation that waits for a decision. Nothing was changed. */
export class OperationNotOpen extends Schema.TaggedError<OperationNotOpen>(
  "formae/agent/commands/OpenOperations/OperationNotOpen",
)("OperationNotOpen", { message: Schema.String }) {}

/** Taken up at once. */
const atOnce = 32

/** Which operation a human means. */
export interface Named {
  readonly label: string
  /** May be left out where the label is open in one forma only. */
  readonly forma?: string | undefined
}

export interface TakenUp {
  /** What came of each, by label. */
  readonly results: ReadonlyMap<string, ResourceResult>
  /** What is still open, and so must not be made anew. */
  readonly held: Held
}

export class OpenOperations extends Context.Service<
  OpenOperations,
  {
    /**
     * Brings to an end what earlier commands of a forma have left, as far as
     * that can be done. What is wanted now says how it is reached.
     */
    readonly takeUp: (
      forma: string,
      wanted: ReadonlyArray<Wanted>,
      observe: ChangeObserver,
    ) => Effect.Effect<TakenUp, SqlError | JournalUnreadable>
    /** The open resource is the one with this native id: it is read, and kept in the inventory. */
    readonly adopt: (
      named: Named,
      nativeId: NativeId,
    ) => Effect.Effect<
      JournalEntry,
      | OperationNotOpen
      | ChangeFailed
      | NamespaceUnknown
      | PluginUnavailable
      | SqlError
      | JournalUnreadable
      | InventoryUnreadable
    >
    /** The open resource was never made, or need not be known any more. */
    readonly forget: (named: Named) => Effect.Effect<JournalEntry, OperationNotOpen | SqlError | JournalUnreadable>
  }
>()("formae/agent/commands/OpenOperations") {
  static readonly layerNoDeps = Layer.effect(
    OpenOperations,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const reader = yield* ResourceReader
      const updater = yield* ResourceUpdater

      const takeUpOne = Effect.fnUntraced(function* (
        entry: JournalEntry,
        wanted: Wanted | undefined,
        observe: ChangeObserver,
      ) {
        const change = summaryOf(entry)
        const startedAt = yield* Clock.currentTimeMillis
        const stop = yield* StopRequest
        if (stop.isMade()) return resultOf(change, notTakenUp)
        let begun = false
        const begins = Effect.suspend(() => {
          if (begun) return Effect.void
          begun = true
          return observe({ _tag: "Started", change, action: entry.kind === "Delete" ? "remove" : "settle" })
        })
        const onProgress = (progress: InProgress) => observe({ _tag: "Progressed", change, progress })
        const ended = yield* updater.takeUp(entry, wanted, begins, onProgress).pipe(
          Effect.map((done) => done && { ...done, nativeId: done.finished.nativeId, failure: undefined }),
          Effect.catchTag("ChangeFailed", ({ attempts, crashes = [], message, nativeId, reason }) =>
            Effect.succeed({ attempts, crashes, nativeId, failure: { reason, message } }),
          ),
        )
        const durationMillis = (yield* Clock.currentTimeMillis) - startedAt
        if (ended === undefined) return undefined
        const result = resultOf(change, { ...ended, durationMillis })
        yield* observe({ _tag: "Finished", result })
        return result
      })

      const find = Effect.fnUntraced(function* ({ forma, label }: Named) {
        const open = yield* journal.open(forma)
        const found = open.filter((entry) => entry.label === label)
        const formae = [...new Set(found.map((entry) => entry.forma))]
        if (formae.length > 1) {
          return yield* new OperationNotOpen({
            message: `${label} is open in several formae, name one of them with --forma: ${formae.join(", ")}`,
          })
        }
        // Of a label, only a create can be what a human is asked for.
        const meant = found.find(({ kind }) => kind === "Create") ?? found[0]
        if (meant !== undefined) return meant
        const others = open.map((entry) => `${entry.forma}/${entry.label}`)
        const known = others.length === 0 ? "no operation is open" : `open are: ${others.join(", ")}`
        return yield* new OperationNotOpen({ message: `There is nothing to settle for ${label}; ${known}` })
      })

      return OpenOperations.of({
        takeUp: Effect.fn("OpenOperations.takeUp")(function* (forma, wanted, observe) {
          const byName = new Map(wanted.map((one) => [one.resource.label, one]))
          const open = (yield* journal.open(forma)).map((entry) => ({
            ...entry,
            targetConfig: reachOf(entry, byName.get(entry.label)),
          }))
          const results = yield* Effect.forEach(open, (entry) => takeUpOne(entry, byName.get(entry.label), observe), {
            concurrency: atOnce,
          })
          const still = yield* journal.open(forma)
          const ended = results.flatMap((result) => (result === undefined ? [] : [[result.label, result] as const]))
          const byLabel = new Map(ended)
          return {
            results: byLabel,
            held: new Map(
              still.flatMap(({ failure, label }) => {
                const error = byLabel.get(label)?.error ?? failure
                return error === null ? [] : [[label, error] as const]
              }),
            ),
          }
        }),
        adopt: Effect.fn("OpenOperations.adopt")(function* (named, nativeId) {
          const entry = yield* find(named)
          if (entry.kind !== "Create") {
            return yield* new OperationNotOpen({
              message: `${entry.label} is in the inventory already, and its ${wordOf[entry.kind]} is open: "formae resume" goes on with it; nothing was changed`,
            })
          }
          const rows = yield* inventory.list()
          const owner = rows.find((row) => row.type === entry.type && row.nativeId === nativeId)
          if (owner !== undefined) {
            return yield* new OperationNotOpen({
              message: `The inventory has ${nativeId} already, as ${owner.forma}/${owner.label}; nothing was changed`,
            })
          }
          const types = yield* coordinator.capabilities(namespaceOf(entry.type))
          const properties = yield* reader.read({ ...entry, nativeId }, entry.targetConfig)
          if (properties === undefined) {
            return yield* new OperationNotOpen({
              message: `The provider has no ${entry.type} ${nativeId}; nothing was changed`,
            })
          }
          const change = ofSuccess(entry, types.get(entry.type), {
            status: "Succeeded",
            attempts: 0,
            nativeId,
            properties,
          })
          yield* journal.end(entry.operationId, {
            status: "Succeeded",
            settled: true,
            nativeId,
            requestId: null,
            failure: null,
            change,
          })
          return { ...entry, nativeId }
        }),
        forget: Effect.fn("OpenOperations.forget")(function* (named) {
          const entry = yield* find(named)
          const { failure, nativeId, operationId } = entry
          yield* journal.end(operationId, {
            status: "Canceled",
            settled: true,
            nativeId,
            requestId: null,
            failure,
            change: noChange,
          })
          return entry
        }),
      })
    }),
  )
}

/** Left as it was. */
const notTakenUp: Parameters<typeof resultOf>[1] = {
  attempts: 0,
  crashes: [],
  durationMillis: 0,
  nativeId: undefined,
  failure: { reason: { _tag: "Canceled" }, message: "not taken up, because the command was asked to stop" },
}

const wordOf: Record<JournalEntry["kind"], ChangeOperation> = { Create: "create", Update: "update", Delete: "delete" }

const summaryOf = ({ kind, label, nativeId, type }: JournalEntry): ChangeSummary => ({
  label,
  type,
  operation: wordOf[kind],
  changed: [],
  nativeId: nativeId ?? undefined,
})

const resultOf = (
  { label, operation, type }: ChangeSummary,
  ended: Pick<ResourceResult, "attempts" | "crashes" | "durationMillis"> & {
    readonly nativeId: NativeId | undefined
    readonly failure: Pick<ChangeFailed, "message" | "reason"> | undefined
  },
): ResourceResult => ({
  label,
  type,
  operation,
  status: ended.failure === undefined ? "succeeded" : isCanceled(ended.failure.reason) ? "canceled" : "failed",
  nativeId: ended.nativeId ?? null,
  attempts: ended.attempts,
  crashes: ended.crashes,
  durationMillis: ended.durationMillis,
  error: ended.failure === undefined ? null : { code: codeOf(ended.failure.reason), message: ended.failure.message },
  changed: [],
})

/** What was done, or found, for a resource that a human has settled. */
export const settledResult = (entry: JournalEntry): ResourceResult => ({
  ...resultOf(summaryOf(entry), {
    attempts: 0,
    crashes: entry.crashes,
    durationMillis: 0,
    nativeId: entry.nativeId ?? undefined,
    failure: undefined,
  }),
  forma: entry.forma,
})
