/** Planner: turns the difference between what a forma wants and what exists into changes. It reads from providers, and changes nothing. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { namespaceKey, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { decodeForma, type Forma } from "../forma/Forma.ts"
import { checkTypes } from "../forma/FormaCheck.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { inReferenceOrder } from "../forma/FormaOrder.ts"
import { type Lookup, resolveReferences, valueAt } from "../forma/References.ts"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import { CanonicalForms } from "../operations/CanonicalForms.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { Inventory, type InventoryRow, type InventoryUnreadable } from "../records/Inventory.ts"
import { Seals } from "../secrets/Seals.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { type Blockers, type Change, type ExistingResource, reachOf, type WantedResource } from "./Change.ts"
import { makeDestroyPlan } from "./Plan.ts"
import { makePlanWithForms } from "./planWithForms.ts"

/** Plans fail with `InventoryUnreadable` where a row of the inventory is not valid, and with `SqlError` where the state cannot be read. */
export class Planner extends Context.Service<
  Planner,
  {
    /**
     * Checks a forma against its plugins, and returns the wanted resources,
     * each after those that it refers to. Fails with `FormaInvalid` where the
     * forma has a mistake, and with `NamespaceUnknown` or `PluginUnavailable`
     * where a plugin cannot be asked.
     */
    readonly check: (
      forma: Forma,
    ) => Effect.Effect<ReadonlyArray<WantedResource>, FormaInvalid | NamespaceUnknown | PluginUnavailable>
    /** Plans a forma that has been checked. Resources with a blocker are not touched. */
    readonly plan: (
      forma: Forma,
      wanted: ReadonlyArray<WantedResource>,
      blockers: Blockers,
    ) => Effect.Effect<ReadonlyArray<Change>, SqlError | InventoryUnreadable>
    /** Plans the deletion of everything that a forma has created. */
    readonly planDestroy: (formaName: string) => Effect.Effect<ReadonlyArray<Change>, SqlError | InventoryUnreadable>
  }
>()("formae/agent/plan/Planner") {
  static readonly layerNoDeps = Layer.effect(
    Planner,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const reader = yield* ResourceReader
      const inventory = yield* Inventory
      const planWithForms = yield* makePlanWithForms
      const seals = yield* Seals

      /** Starts the plugins that a forma needs, in parallel, and asks for their capabilities. */
      const capabilitiesOf = Effect.fn("Planner.capabilities")(function* (forma: Forma) {
        const namespaces = new Map(
          forma.resources.map(({ type }) => [namespaceKey(namespaceOf(type)), namespaceOf(type)]),
        )
        const known = yield* Effect.forEach(
          namespaces,
          ([key, namespace]) => Effect.map(coordinator.capabilities(namespace), (types) => [key, types] as const),
          { concurrency: "unbounded" },
        )
        return new Map<string, ReadonlyMap<ResourceType, TypeCapabilities>>(known)
      })

      /** Reads a resource of the inventory. Its seals are not opened yet. */
      const inspect = (row: InventoryRow, wanted: WantedResource): Effect.Effect<ExistingResource> =>
        Effect.map(Effect.result(reader.read(row, reachOf(row, wanted))), (read) => {
          const unread = { row, prior: row.desired }
          if (read._tag === "Success") return read.success === undefined ? unread : { ...unread, actual: read.success }
          return { ...unread, unreadable: changeErrorOf(read.failure) }
        })

      /** Opens the seals that fit what is wanted, with references resolved as far as they are known. */
      const openSeals = (found: ReadonlyArray<ExistingResource>, byLabel: ReadonlyMap<string, WantedResource>) => {
        const actual = new Map(found.map((one) => [one.row.label, one.actual]))
        const lookup: Lookup = (label, property) => valueAt(actual.get(label) ?? {}, property)
        return Effect.forEach(found, (one) => {
          const properties = byLabel.get(one.row.label)?.resource.properties ?? {}
          const candidates = resolveReferences(properties, lookup).properties
          return Effect.map(seals.open(one.row.desired, candidates), (prior): ExistingResource => ({ ...one, prior }))
        })
      }

      return Planner.of({
        check: Effect.fn("Planner.check")(function* (given) {
          // A host may have built it by hand, and nothing that follows expects a mistake.
          const forma = yield* decodeForma(given)
          const capabilities = yield* capabilitiesOf(forma)
          const typesWith = (type: ResourceType) => capabilities.get(namespaceKey(namespaceOf(type)))
          const find = (type: ResourceType) => typesWith(type)?.get(type)
          const issues = checkTypes(forma, find, (type) => [...(typesWith(type)?.keys() ?? [])])
          if (issues.length > 0) return yield* new FormaInvalid({ issues })
          return inReferenceOrder(forma.resources).flatMap((resource): ReadonlyArray<WantedResource> => {
            const found = find(resource.type)
            const targetConfig: TargetConfig = forma.targets[resource.target]?.config ?? {}
            return found === undefined ? [] : [{ resource, targetConfig, capabilities: found }]
          })
        }),
        plan: Effect.fn("Planner.plan")(function* (forma, wanted, blockers) {
          const byLabel = new Map(wanted.map((one) => [one.resource.label, one]))
          const rows = yield* inventory.list(forma.name)
          const found = yield* Effect.forEach(
            rows,
            (row) => {
              const one = byLabel.get(row.label)
              // A resource that will be deleted need not be read.
              return one === undefined
                ? Effect.succeed<ExistingResource>({ row, prior: row.desired })
                : inspect(row, one)
            },
            { concurrency: maxConcurrentReads },
          )
          const existing = yield* openSeals(found, byLabel)
          return inDocumentOrder(forma, yield* planWithForms(wanted, existing, blockers))
        }),
        planDestroy: Effect.fn("Planner.planDestroy")(function* (formaName) {
          const rows = yield* inventory.list(formaName)
          return makeDestroyPlan(rows.map((row) => ({ row, prior: row.desired, actual: row.actual })))
        }),
      })
    }),
  ).pipe(Layer.provide(CanonicalForms.layerNoDeps))
}

const maxConcurrentReads = 32

/** Sorts changes as their resources are in the document, with deletions last. This order is for display; `StepOrder` has the order of execution. */
const inDocumentOrder = ({ resources }: Forma, changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const place = new Map(resources.map(({ label }, index) => [label, index]))
  const placeOf = ({ label }: Change): number => place.get(label) ?? resources.length
  return changes.toSorted((a, b) => placeOf(a) - placeOf(b))
}
