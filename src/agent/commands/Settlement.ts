/** Settles an operation whose end only a human can find out. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type NativeId, namespaceOf } from "../../protocol/Identity.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { openOperationOf } from "../operations/Attention.ts"
import type { ChangeFailed } from "../operations/ChangeFailed.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import { changeOfSuccess } from "../records/InventoryChange.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { type NotOpenReason, type OperationName, OperationNotOpen } from "./OperationNotOpen.ts"

type AdoptError =
  | OperationNotOpen
  | ChangeFailed
  | NamespaceUnknown
  | PluginUnavailable
  | StateError
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
    ) => Effect.Effect<JournalEntry, OperationNotOpen | StateError | JournalUnreadable>
  }
>()("formae/agent/commands/Settlement") {
  static readonly layerNoDeps = Layer.effect(
    Settlement,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const identifier = yield* ResourceIdentifier
      const reader = yield* ResourceReader

      const find = Effect.fnUntraced(function* ({ forma, label }: OperationName) {
        const notOpen = (reason: NotOpenReason) => new OperationNotOpen({ label, reason })
        const open = yield* journal.listOpen(forma)
        const found = open.filter((entry) => entry.label === label)
        const formae = [...new Set(found.map((entry) => entry.forma))]
        if (formae.length > 1) {
          return yield* notOpen({ _tag: "OpenInSeveral", formae })
        }
        // Only a create can need a human.
        const match = found.find(({ kind }) => kind === "Create") ?? found[0]
        if (match !== undefined) return match
        // A name without an open operation may be a mistake.
        const others = open.length === 0 ? yield* journal.listOpen() : open
        return yield* notOpen({ _tag: "NoSuchOperation", open: others.map(openOperationOf) })
      })

      /** Fails if the inventory already has the resource under a label. */
      const checkOwner = Effect.fnUntraced(function* ({ label, place, type }: JournalEntry, nativeId: NativeId) {
        const rows = yield* inventory.list()
        // A row whose place is not known may be the same thing.
        const owner = rows.find(
          (row) => row.type === type && row.nativeId === nativeId && (row.place === null || row.place === place),
        )
        if (owner === undefined) return
        const reason = { _tag: "InInventory", nativeId, forma: owner.forma, label: owner.label } as const
        return yield* new OperationNotOpen({ label, reason })
      })

      return Settlement.of({
        adopt: Effect.fn("Settlement.adopt")(function* (name, nativeId) {
          const found = yield* find(name)
          const entry = { ...found, place: yield* identifier.placeOf(found.type, found.targetConfig) }
          if (entry.kind !== "Create") {
            const reason = { _tag: "NotACreate", openOperation: openOperationOf(entry) } as const
            return yield* new OperationNotOpen({ label: entry.label, reason })
          }
          yield* checkOwner(entry, nativeId)
          const types = yield* coordinator.capabilities(namespaceOf(entry.type))
          const properties = yield* reader.read({ ...entry, nativeId }, entry.targetConfig)
          if (properties === undefined) {
            const reason = { _tag: "NotAtProvider", type: entry.type, nativeId } as const
            return yield* new OperationNotOpen({ label: entry.label, reason })
          }
          const made = { status: "Succeeded", attempts: 0, nativeId, properties } as const
          yield* journal
            .recordEnd(entry.operationId, {
              status: "Succeeded",
              closed: true,
              nativeId,
              requestId: null,
              failure: null,
              change: changeOfSuccess(entry, types.get(entry.type), made),
            })
            .pipe(Effect.catchTag("OwnedElsewhere", Effect.die))
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
