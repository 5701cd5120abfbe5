/** The agent: applies formae, plans them, destroys what they made, and tells what there is. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { namespaceKey, namespaceOf, type ResourceType } from "../protocol/Identity.ts"
import type { TargetConfig, TypeCapabilities } from "../protocol/Resource.ts"
import type { NamespaceUnknown } from "./catalog/NamespaceUnknown.ts"
import type { PluginUnavailable } from "./supervision/PluginUnavailable.ts"
import { PluginCoordinator } from "./supervision/PluginCoordinator.ts"
import { type ChangeObserver, runChangeset } from "./resources/Changeset.ts"
import type { CommandName, CommandResult, ResourceResult } from "./resources/CommandResult.ts"
import { type Forma, FormaInvalid } from "./resources/Forma.ts"
import { checkTypes } from "./resources/FormaCheck.ts"
import { inReferenceOrder } from "./resources/FormaOrder.ts"
import {
  type Change,
  type Existing,
  makeDestroyPlan,
  makePlan,
  reachOf,
  summaryOf,
  type Wanted,
} from "./resources/Plan.ts"
import { type Lookup, resolveReferences, valueAt } from "./resources/References.ts"
import { ResourceUpdater } from "./resources/ResourceUpdater.ts"
import { Seals } from "./resources/Sealed.ts"
import { CommandLock, type StateInUse } from "./store/CommandLock.ts"
import { Inventory, type InventoryRow, type InventoryUnreadable } from "./store/Inventory.ts"

/** Why a command did nothing. */
export type CommandRefused =
  | FormaInvalid
  | NamespaceUnknown
  | PluginUnavailable
  | StateInUse
  | InventoryUnreadable
  | SqlError

/** Reads under way at once while a plan is made. */
const readsAtOnce = 32

export class Agent extends Context.Service<
  Agent,
  {
    /** Makes the world as the forma wants it. `observe` is told what happens on the way. */
    readonly apply: (forma: Forma, observe: ChangeObserver) => Effect.Effect<CommandResult, CommandRefused>
    /** What an apply would do. Changes nothing. */
    readonly plan: (forma: Forma) => Effect.Effect<CommandResult, CommandRefused>
    /** Deletes what the forma of this name has made. */
    readonly destroy: (formaName: string, observe: ChangeObserver) => Effect.Effect<CommandResult, CommandRefused>
    /** What there is, of all formae, as it was last seen. Asks no provider. */
    readonly inventory: Effect.Effect<CommandResult, InventoryUnreadable | SqlError>
  }
>()("formae/agent/Agent") {
  static readonly layerNoDeps = Layer.effect(
    Agent,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const updater = yield* ResourceUpdater
      const inventory = yield* Inventory
      const seals = yield* Seals
      const lock = yield* CommandLock

      /** Starts the plugins that a forma needs, side by side, and asks what they can do. */
      const capabilitiesOf = Effect.fn("Agent.capabilities")(function* (forma: Forma) {
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

      /** The resources that a forma wants, each after those that it refers to. */
      const wantedBy = Effect.fnUntraced(function* (forma: Forma) {
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
      })

      /** What a resource of the inventory is like now, its seals as they are. */
      const inspect = (row: InventoryRow, wanted: Wanted): Effect.Effect<Existing> =>
        Effect.map(Effect.result(updater.read(row, reachOf(row, wanted))), (read) => {
          const unread = { row, prior: row.desired, actual: undefined }
          if (read._tag === "Success") return { ...unread, actual: read.success }
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

      const planOf = Effect.fn("Agent.plan")(function* (forma: Forma) {
        const wanted = yield* wantedBy(forma)
        const byLabel = new Map(wanted.map((one) => [one.resource.label, one]))
        const rows = yield* inventory.list(forma.name)
        const found = yield* Effect.forEach(
          rows,
          (row) => {
            const one = byLabel.get(row.label)
            // Of what is to be deleted nobody needs to know how it is.
            return one === undefined
              ? Effect.succeed<Existing>({ row, prior: row.desired, actual: undefined })
              : inspect(row, one)
          },
          { concurrency: readsAtOnce },
        )
        const existing = yield* openSeals(found, byLabel)
        const changes = makePlan(wanted, new Map(existing.map((one) => [one.row.label, one])))
        return inDocumentOrder(forma, changes)
      })

      /** Where others have resources and this one has none, its name may be a mistake. */
      const noteOn = Effect.fnUntraced(function* (formaName: string) {
        // A courtesy: what is wrong in the rows of others is no reason to refuse.
        const rows = yield* Effect.orElseSucceed(inventory.list(), () => [])
        const names = [...new Set(rows.map(({ forma }) => forma))]
        if (names.length === 0 || names.includes(formaName)) return {}
        const known = names.join(", ")
        return { note: `the forma ${formaName} has made no resources; the inventory has resources of: ${known}` }
      })

      const run = Effect.fnUntraced(function* (
        command: CommandName,
        formaName: string,
        changes: ReadonlyArray<Change>,
        observe: ChangeObserver,
      ) {
        yield* observe({ _tag: "Planned", changes: changes.map(summaryOf) })
        const resources = yield* runChangeset(formaName, changes, observe).pipe(
          Effect.provideService(ResourceUpdater, updater),
        )
        return resultOf(command, resources)
      })

      return Agent.of({
        apply: Effect.fn("Agent.apply")(function* (forma, observe) {
          yield* lock.hold
          return yield* run("apply", forma.name, yield* planOf(forma), observe)
        }, Effect.scoped),
        plan: Effect.fnUntraced(function* (forma) {
          const result = resultOf("plan", (yield* planOf(forma)).map(plannedResult))
          return { ...result, ...(yield* noteOn(forma.name)) }
        }),
        destroy: Effect.fn("Agent.destroy")(function* (formaName, observe) {
          yield* lock.hold
          const rows = yield* inventory.list(formaName)
          const existing = rows.map((row) => ({ row, prior: row.desired, actual: row.actual }))
          const note = yield* noteOn(formaName)
          return { ...(yield* run("destroy", formaName, makeDestroyPlan(existing), observe)), ...note }
        }, Effect.scoped),
        inventory: Effect.map(inventory.list(), (rows) => resultOf("inventory", rows.map(inventoryResult))),
      })
    }),
  )

  /** The agent on its inventory, over a coordinator and a database. */
  static readonly layer = this.layerNoDeps.pipe(
    Layer.provide(ResourceUpdater.layer),
    Layer.provide([Inventory.layer, Seals.layer, CommandLock.layer]),
  )
}

const commandStatus = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult["status"] => {
  if (resources.some(({ status }) => status === "failed")) return "failed"
  if (resources.some(({ status }) => status === "canceled")) return "canceled"
  return command === "plan" ? "planned" : "succeeded"
}

const resultOf = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult => ({
  command,
  status: commandStatus(command, resources),
  resources,
})

/** As the author wrote them, then what is to be deleted: the order of what is shown, not of what is done. */
const inDocumentOrder = ({ resources }: Forma, changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const place = new Map(resources.map(({ label }, index) => [label, index]))
  const placeOf = ({ label }: Change): number => place.get(label) ?? resources.length
  return changes.toSorted((a, b) => placeOf(a) - placeOf(b))
}

const plannedResult = ({ blocked, changed, label, nativeId, operation, type }: Change): ResourceResult => ({
  label,
  type,
  operation,
  status: blocked === undefined ? "planned" : "failed",
  nativeId: nativeId ?? null,
  attempts: 0,
  durationMillis: 0,
  error: blocked ?? null,
  changed,
})

const inventoryResult = ({ forma, label, nativeId, type }: InventoryRow): ResourceResult => ({
  label,
  type,
  operation: "noop",
  status: "succeeded",
  nativeId,
  attempts: 0,
  durationMillis: 0,
  error: null,
  changed: [],
  forma,
})
