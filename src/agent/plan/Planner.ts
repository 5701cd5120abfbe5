/** Planner: what a forma wants against what there is, as changes. It asks plugins and providers, and changes nothing. */
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
import { ResourceReader } from "../operations/ResourceReader.ts"
import { Inventory, type InventoryRow, type InventoryUnreadable } from "../records/Inventory.ts"
import { Seals } from "../secrets/Seals.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { type Change, type Existing, type Held, reachOf, type Wanted } from "./Change.ts"
import { makeDestroyPlan, makePlan } from "./Plan.ts"

/** Reads under way at once. */
const readsAtOnce = 32

export class Planner extends Context.Service<
  Planner,
  {
    /** The resources that a forma wants, each after those that it refers to; a mistake in it is a failure. */
    readonly check: (
      forma: Forma,
    ) => Effect.Effect<ReadonlyArray<Wanted>, FormaInvalid | NamespaceUnknown | PluginUnavailable>
    /** What is to be done for a forma that has been checked. What is held is not touched. */
    readonly plan: (
      forma: Forma,
      wanted: ReadonlyArray<Wanted>,
      held: Held,
    ) => Effect.Effect<ReadonlyArray<Change>, SqlError | InventoryUnreadable>
    /** What is to be done for all that a forma has made to be gone. */
    readonly planDestroy: (formaName: string) => Effect.Effect<ReadonlyArray<Change>, SqlError | InventoryUnreadable>
  }
>()("formae/agent/plan/Planner") {
  static readonly layerNoDeps = Layer.effect(
    Planner,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const reader = yield* ResourceReader
      const inventory = yield* Inventory
      const seals = yield* Seals

      /** Starts the plugins that a forma needs, side by side, and asks what they can do. */
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

      /** What a resource of the inventory is like now, its seals as they are. */
      const inspect = (row: InventoryRow, wanted: Wanted): Effect.Effect<Existing> =>
        Effect.map(Effect.result(reader.read(row, reachOf(row, wanted))), (read) => {
          const unread = { row, prior: row.desired }
          if (read._tag === "Success") return read.success === undefined ? unread : { ...unread, actual: read.success }
          const { code, message } = read.failure
          return { ...unread, unreadable: { code, message } }
        })

      /** Opens the seals that fit what is wanted, by the references of which the values are known. */
      const openSeals = (found: ReadonlyArray<Existing>, byLabel: ReadonlyMap<string, Wanted>) => {
        const actual = new Map(found.map((one) => [one.row.label, one.actual]))
        const lookup: Lookup = (label, property) => valueAt(actual.get(label) ?? {}, property)
        return Effect.forEach(found, (one) => {
          const properties = byLabel.get(one.row.label)?.resource.properties ?? {}
          const candidates = resolveReferences(properties, lookup).properties
          return Effect.map(seals.open(one.row.desired, candidates), (prior): Existing => ({ ...one, prior }))
        })
      }

      return Planner.of({
        check: Effect.fn("Planner.check")(function* (given) {
          // A host may have built it by hand, and nothing that follows expects a mistake.
          const forma = yield* decodeForma(given)
          const capabilities = yield* capabilitiesOf(forma)
          const typesBeside = (type: ResourceType) => capabilities.get(namespaceKey(namespaceOf(type)))
          const find = (type: ResourceType) => typesBeside(type)?.get(type)
          const issues = checkTypes(forma, find, (type) => [...(typesBeside(type)?.keys() ?? [])])
          if (issues.length > 0) return yield* new FormaInvalid({ issues })
          return inReferenceOrder(forma.resources).flatMap((resource): ReadonlyArray<Wanted> => {
            const found = find(resource.type)
            const targetConfig: TargetConfig = forma.targets[resource.target]?.config ?? {}
            return found === undefined ? [] : [{ resource, targetConfig, capabilities: found }]
          })
        }),
        plan: Effect.fn("Planner.plan")(function* (forma, wanted, held) {
          const byLabel = new Map(wanted.map((one) => [one.resource.label, one]))
          const rows = yield* inventory.list(forma.name)
          const found = yield* Effect.forEach(
            rows,
            (row) => {
              const one = byLabel.get(row.label)
              // Of what is to be deleted nobody needs to know how it is.
              return one === undefined ? Effect.succeed<Existing>({ row, prior: row.desired }) : inspect(row, one)
            },
            { concurrency: readsAtOnce },
          )
          const existing = yield* openSeals(found, byLabel)
          const changes = makePlan(wanted, new Map(existing.map((one) => [one.row.label, one])), held)
          return inDocumentOrder(forma, changes)
        }),
        planDestroy: Effect.fn("Planner.planDestroy")(function* (formaName) {
          const rows = yield* inventory.list(formaName)
          return makeDestroyPlan(rows.map((row) => ({ row, prior: row.desired, actual: row.actual })))
        }),
      })
    }),
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide([ResourceReader.layer, Seals.layer]))
}

/** As the author wrote them, then what is to be deleted: the order of what is shown, not of what is done. */
const inDocumentOrder = ({ resources }: Forma, changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const place = new Map(resources.map(({ label }, index) => [label, index]))
  const placeOf = ({ label }: Change): number => place.get(label) ?? resources.length
  return changes.toSorted((a, b) => placeOf(a) - placeOf(b))
}
