/** Settles an operation whose end only a human can find out. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { type NativeId, namespaceOf } from "../../protocol/Identity.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { ChangeFailed } from "../operations/ChangeFailed.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { changeOperationOf } from "../plan/Change.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import { changeOfSuccess } from "../records/InventoryChange.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"

/** The named operation cannot be settled: it is not open, or not in this way. Nothing was changed. */
export class OperationNotOpen extends Schema.TaggedError<OperationNotOpen>("formae/agent/commands/OperationNotOpen")(
  "OperationNotOpen",
  { message: Schema.String },
) {}

/** Names an open operation. */
export interface OperationName {
  /** The label of its resource. */
  readonly label: string
  /** May be left out if the label is open in only one forma. */
  readonly forma?: string | undefined
}

type AdoptError =
  | OperationNotOpen
  | ChangeFailed
  | NamespaceUnknown
  | PluginUnavailable
  | SqlError
  | JournalUnreadable
  | InventoryUnreadable

export class Settlement extends Context.Service<
  Settlement,
  {
    /** Settles an open create: it has created the resource with this native id, which is read and put into the inventory. */
    readonly adopt: (name: OperationName, nativeId: NativeId) => Effect.Effect<JournalEntry, AdoptError>
    /**
     * Settles an open operation: it has done nothing, or formae should no longer
     * know what it has done. Only an apply of its forma begins it again.
     */
    readonly forget: (
      name: OperationName,
    ) => Effect.Effect<JournalEntry, OperationNotOpen | SqlError | JournalUnreadable>
  }
>()("formae/agent/commands/Settlement") {
  static readonly layerNoDeps = Layer.effect(
    Settlement,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const reader = yield* ResourceReader

      const find = Effect.fnUntraced(function* ({ forma, label }: OperationName) {
        const open = yield* journal.listOpen(forma)
        const found = open.filter((entry) => entry.label === label)
        const formae = [...new Set(found.map((entry) => entry.forma))]
        if (formae.length > 1) {
          return yield* notOpen(
            `${label} is open in several formae; name one of them with --forma: ${formae.join(", ")}`,
          )
        }
        // Only a create can need a human.
        const match = found.find(({ kind }) => kind === "Create") ?? found[0]
        if (match !== undefined) return match
        const others = open.map((entry) => `${entry.forma}/${entry.label}`)
        const known = others.length === 0 ? "no operation is open" : `these operations are open: ${others.join(", ")}`
        return yield* notOpen(`There is nothing to settle for ${label}; ${known}`)
      })

      /** Fails if the inventory already has the resource under a label. */
      const checkOwner = Effect.fnUntraced(function* ({ type }: JournalEntry, nativeId: NativeId) {
        const rows = yield* inventory.list()
        const owner = rows.find((row) => row.type === type && row.nativeId === nativeId)
        if (owner === undefined) return
        return yield* notOpen(
          `The inventory already has ${nativeId}, as ${owner.forma}/${owner.label}; nothing was changed`,
        )
      })

      return Settlement.of({
        adopt: Effect.fn("Settlement.adopt")(function* (name, nativeId) {
          const entry = yield* find(name)
          if (entry.kind !== "Create") {
            return yield* notOpen(
              `${entry.label} is already in the inventory, and its ${changeOperationOf[entry.kind]} is not finished: "formae resume" continues it; nothing was changed`,
            )
          }
          yield* checkOwner(entry, nativeId)
          const types = yield* coordinator.capabilities(namespaceOf(entry.type))
          const properties = yield* reader.read({ ...entry, nativeId }, entry.targetConfig)
          if (properties === undefined) {
            return yield* notOpen(`The provider has no ${entry.type} ${nativeId}; nothing was changed`)
          }
          const found = { status: "Succeeded", attempts: 0, nativeId, properties } as const
          yield* journal.recordEnd(entry.operationId, {
            status: "Succeeded",
            closed: true,
            nativeId,
            requestId: null,
            failure: null,
            change: changeOfSuccess(entry, types.get(entry.type), found),
          })
          return { ...entry, nativeId }
        }),
        forget: Effect.fn("Settlement.forget")(function* (name) {
          const entry = yield* find(name)
          yield* journal.recordForgotten(entry.operationId)
          return entry
        }),
      })
    }),
  )
}

const notOpen = (message: string) => Effect.fail(new OperationNotOpen({ message }))
