/** The results of a plan: each change with its details. */
import * as Effect from "effect/Effect"
import { namespaceKey, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { plannedResult, type ResourceResult, untouched } from "../apply/ResourceResult.ts"
import { openOperationOf } from "../operations/Attention.ts"
import type { Change } from "../plan/Change.ts"
import { changeDetails } from "../plan/ChangeDetails.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"

/** An operation on what is neither wanted nor in the inventory, such as a create whose answer never came. */
const openResult = (entry: JournalEntry): ResourceResult => ({
  ...untouched,
  label: entry.label,
  type: entry.type,
  operation: "noop",
  status: "planned",
  nativeId: entry.nativeId,
  error: null,
  openOperation: openOperationOf(entry),
})

/** The types whose resources are deleted. What the plan wants has its capabilities with it. */
const deletedTypes = (changes: ReadonlyArray<Change>): ReadonlyArray<ResourceType> => [
  ...new Set(
    changes.flatMap(({ blocked, existing, operation, wanted }) =>
      existing === undefined || blocked !== undefined || (operation !== "delete" && operation !== "replace")
        ? []
        : existing.row.type === wanted?.resource.type
          ? []
          : [existing.row.type],
    ),
  ),
]

export const makePlannedResults = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator

  /** Nothing is known of types whose plugin cannot be asked: all of their properties may be secret, then. */
  const typesOf = (namespace: string) =>
    Effect.orElseSucceed(
      coordinator.capabilities(namespace),
      (): ReadonlyMap<ResourceType, TypeCapabilities> => new Map(),
    )

  /** `open` are the operations that have not ended. */
  return Effect.fnUntraced(function* (
    changes: ReadonlyArray<Change>,
    open: ReadonlyArray<JournalEntry> = [],
  ): Effect.fn.Return<ReadonlyArray<ResourceResult>> {
    const namespaces = new Map(
      deletedTypes(changes).map((type) => [namespaceKey(namespaceOf(type)), namespaceOf(type)] as const),
    )
    const types = new Map(
      yield* Effect.forEach(
        namespaces,
        ([key, namespace]) => Effect.map(typesOf(namespace), (known) => [key, known] as const),
        { concurrency: "unbounded" },
      ),
    )
    const detailsOf = changeDetails(changes, ({ type }) => types.get(namespaceKey(namespaceOf(type)))?.get(type))
    const openOf = new Map(open.map((entry) => [entry.label, openOperationOf(entry)]))
    const labels = new Set(changes.map(({ label }) => label))
    const planned = changes.map((change) => {
      const details = detailsOf(change)
      const openOperation = openOf.get(change.label)
      return {
        ...plannedResult(change),
        ...(details.length === 0 ? {} : { changes: details }),
        ...(openOperation === undefined ? {} : { openOperation }),
      }
    })
    return [...planned, ...open.filter(({ label }) => !labels.has(label)).map(openResult)]
  })
})
