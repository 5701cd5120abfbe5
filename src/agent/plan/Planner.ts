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
import { ResourceReader } from "../operations/ResourceReader.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import { Seals } from "../secrets/Seals.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { assignedResources, heldBy, ownedByOthers, sameThings } from "./Owners.ts"
import { type Blockers, type Change, type ExistingResource, hasMoved, reachOf, type WantedResource } from "./Change.ts"
import { makeDestroyPlan, makePlan } from "./Plan.ts"
import { assignRows } from "./RowAssignment.ts"
import { makeSharedThings } from "./SharedThings.ts"
import { makeWantedIdentities } from "./WantedIdentities.ts"

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
    /**
     * Plans a forma that has been checked. Resources with a blocker are not
     * touched. Fails with `FormaInvalid` where two labels are the same thing.
     */
    readonly plan: (
      forma: Forma,
      wanted: ReadonlyArray<WantedResource>,
      blockers: Blockers,
    ) => Effect.Effect<ReadonlyArray<Change>, SqlError | InventoryUnreadable | FormaInvalid>
    /**
     * Plans the deletion of everything that a forma has created. Its targets are
     * reached by those in the document, where they name the same place.
     */
    readonly planDestroy: (
      forma: DestroyedForma,
    ) => Effect.Effect<ReadonlyArray<Change>, SqlError | InventoryUnreadable>
  }
>()("formae/agent/plan/Planner") {
  static readonly layerNoDeps = Layer.effect(
    Planner,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const reader = yield* ResourceReader
      const inventory = yield* Inventory
      const seals = yield* Seals
      const { identify, withPlaces } = yield* makeWantedIdentities
      const { withPresentConfigs, withSharers } = yield* makeSharedThings

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
      const inspect = (one: ExistingResource, wanted: WantedResource): Effect.Effect<ExistingResource> =>
        Effect.map(Effect.result(reader.read(one.row, reachOf(one.row, wanted))), (read) => {
          const isHere = one.row.place === null && wanted.place !== undefined && !hasMoved(one.row, wanted)
          const unread = isHere ? { ...one, row: { ...one.row, place: wanted.place } } : one
          if (read._tag === "Success") return read.success === undefined ? unread : { ...unread, actual: read.success }
          const { code, message } = read.failure
          return { ...unread, unreadable: { code, message } }
        })

      /** Which row each label means now, and why some labels must not be touched. */
      const assign = Effect.fnUntraced(function* (
        forma: Forma,
        wanted: ReadonlyArray<WantedResource>,
        blockers: Blockers,
      ) {
        const all = yield* inventory.list()
        const [rows, others] = partition(all, (row) => row.forma === forma.name)
        const identities = yield* identify(wanted, rows, all)
        const issues = sameThings(forma, identities)
        if (issues.length > 0) return yield* new FormaInvalid({ issues })
        const assignment = assignRows({
          rows,
          wanted: wanted.map(({ resource: { label, type } }) => ({ label, type, identity: identities.get(label) })),
          moved: forma.moved ?? [],
          open: new Set(blockers.keys()),
        })
        return {
          others,
          assigned: assignedResources(assignment),
          blocked: new Map([
            ...ownedByOthers(wanted, identities, others),
            ...heldBy(assignment, blockers),
            ...blockers,
          ]),
        }
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
        plan: Effect.fn("Planner.plan")(function* (forma, checked, blockers) {
          const wanted = yield* withPlaces(checked)
          const { assigned, blocked, others } = yield* assign(forma, wanted, blockers)
          const byLabel = new Map(wanted.map((one) => [one.resource.label, one]))
          const found = yield* Effect.forEach(
            assigned,
            (one) => {
              const asked = byLabel.get(one.row.label)
              return asked === undefined ? Effect.succeed(one) : inspect(one, asked)
            },
            { concurrency: maxConcurrentReads },
          )
          // A resource that will be deleted is not read.
          const [read, unread] = partition(found, ({ row }) => byLabel.has(row.label))
          const { kept, unwanted } = yield* withSharers(read, unread, others)
          const existing = [
            ...(yield* openSeals(kept, byLabel)),
            ...(yield* withPresentConfigs(unwanted, forma.targets)),
          ]
          const changes = makePlan(wanted, new Map(existing.map((one) => [one.row.label, one])), blocked)
          return inDocumentOrder(forma, changes)
        }),
        planDestroy: Effect.fn("Planner.planDestroy")(function* ({ name, targets = {} }) {
          const rows = yield* inventory.list()
          const [own, others] = partition(rows, ({ forma }) => forma === name)
          const existing = own.map((row): ExistingResource => ({ row, prior: row.desired, actual: row.actual }))
          const { unwanted } = yield* withSharers([], existing, others)
          return makeDestroyPlan(yield* withPresentConfigs(unwanted, targets))
        }),
      })
    }),
  )
}

const maxConcurrentReads = 32

/** The forma that is to be destroyed: its name, and its targets if there is a document. */
export interface DestroyedForma {
  readonly name: string
  readonly targets?: Forma["targets"] | undefined
}

const partition = <A>(all: ReadonlyArray<A>, isFirst: (one: A) => boolean): [Array<A>, Array<A>] => [
  all.filter(isFirst),
  all.filter((one) => !isFirst(one)),
]

/** Sorts changes as their resources are in the document, with deletions last. This order is for display; `StepOrder` has the order of execution. */
const inDocumentOrder = ({ resources }: Forma, changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const place = new Map(resources.map(({ label }, index) => [label, index]))
  const placeOf = ({ label }: Change): number => place.get(label) ?? resources.length
  return changes.toSorted((a, b) => placeOf(a) - placeOf(b))
}
