/** The plan: what must change, as a value that can be printed and tested. */
import * as Equal from "effect/Equal"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { ChangeError, ChangeOperation } from "../commands/CommandResult.ts"
import { compare } from "./Comparison.ts"
import type { FormaResource } from "../forma/Forma.ts"
import { labelsReferredTo, type Lookup, resolveReferences, valueAt } from "../forma/References.ts"
import type { SealedProperties } from "../secrets/Seals.ts"

/** A resource that exists: what the inventory has of it, and what the provider has. */
export interface Existing {
  readonly row: InventoryRow
  /** Seals opened where they fit what is wanted now. */
  readonly prior: SealedProperties
  /** Undefined where the provider does not have it any more, or could not be asked. */
  readonly actual: Properties | undefined
  /** Why the provider could not be asked. Nothing is done to the resource then. */
  readonly unreadable?: ChangeError
}

/** A resource that the forma wants. */
export interface Wanted {
  readonly resource: FormaResource
  readonly targetConfig: TargetConfig
  readonly capabilities: TypeCapabilities
}

/** One change of a plan. */
export interface Change {
  readonly label: string
  readonly type: ResourceType
  readonly operation: ChangeOperation
  /** Why: the properties that differ, in an update or a replace. */
  readonly changed: ReadonlyArray<string>
  readonly nativeId: NativeId | undefined
  /** Set where the change can not be made, because the provider could not be asked what there is, here or in what it refers to. */
  readonly blocked?: ChangeError
  /** In a noop: the properties that were compared, references resolved as they were then. */
  readonly compared?: Properties
  /** Undefined in a delete. */
  readonly wanted: Wanted | undefined
  /** Undefined in a create. */
  readonly existing: Existing | undefined
  readonly dependsOn: ReadonlyArray<string>
}

/** What may be told of a change: nothing of its properties, for they may be secret. */
export type ChangeSummary = Pick<Change, "label" | "type" | "operation" | "changed" | "nativeId" | "blocked">

export const summaryOf = ({ blocked, changed, label, nativeId, operation, type }: Change): ChangeSummary => ({
  label,
  type,
  operation,
  changed,
  nativeId,
  ...(blocked === undefined ? {} : { blocked }),
})

/** What is known of where a resource is. */
type Placed = Pick<InventoryRow, "type" | "targetConfig">

/** Whether a resource that its forma still wants is somewhere else now, so that it must be made anew there. */
const hasMoved = (row: Placed, { capabilities, resource, targetConfig }: Wanted): boolean =>
  row.type !== resource.type ||
  (capabilities.targetIdentity.length === 0
    ? !Equal.equals(
        withoutSecretFields(row.targetConfig, capabilities),
        withoutSecretFields(targetConfig, capabilities),
      )
    : capabilities.targetIdentity.some((name) => !Equal.equals(row.targetConfig[name], targetConfig[name])))

/** A secret says how a target is reached, and never where it is. */
const withoutSecretFields = (config: TargetConfig, { targetSecrets }: TypeCapabilities): TargetConfig =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !targetSecrets.includes(name)))

/** By which config a resource is reached: the one of its target now, unless it is still at the place of the old one. */
export const reachOf = (row: Placed, wanted: Wanted | undefined): TargetConfig =>
  wanted === undefined || hasMoved(row, wanted) ? row.targetConfig : wanted.targetConfig

/** By label: what must not be touched, because it is not known whether it is there, and why. */
export type Held = ReadonlyMap<string, ChangeError>

/**
 * Plans the resources of a forma in the order of their references, then the
 * deletion of what it does not want any more. `wanted` must be in an order in
 * which each resource comes after those that it refers to.
 */
export const makePlan = (
  wanted: ReadonlyArray<Wanted>,
  existing: ReadonlyMap<string, Existing>,
  held: Held = new Map(),
): ReadonlyArray<Change> => {
  const changes = new Map<string, Change>()

  /** Outputs hold while a resource stays; those of one that is yet to be made are not known. */
  const lookup: Lookup = (label, property) => {
    const change = changes.get(label)
    const stays = change?.operation === "noop" || change?.operation === "update"
    if (!stays || change.existing?.actual === undefined) return undefined
    // What an update is about to change holds only once it is made.
    if (change.operation === "update" && change.changed.includes(property[0] ?? "")) return undefined
    return valueAt(change.existing.actual, property)
  }

  for (const one of wanted) {
    const { capabilities, resource } = one
    const found = existing.get(resource.label)
    const common = {
      label: resource.label,
      type: resource.type,
      wanted: one,
      dependsOn: labelsReferredTo(resource.properties ?? {}),
    }
    const blocked =
      held.get(resource.label) ??
      found?.unreadable ??
      blockedBy(common.dependsOn.filter((label) => changes.get(label)?.blocked))
    if (found !== undefined && blocked !== undefined) {
      const { nativeId } = found.row
      changes.set(resource.label, { ...common, operation: "noop", changed: [], nativeId, existing: found, blocked })
      continue
    }
    if (found?.actual === undefined) {
      changes.set(resource.label, {
        ...common,
        operation: "create",
        changed: [],
        nativeId: undefined,
        existing: undefined,
        ...(blocked === undefined ? {} : { blocked }),
      })
      continue
    }
    const kept = { ...common, nativeId: found.row.nativeId, existing: found }
    if (hasMoved(found.row, one)) {
      changes.set(resource.label, { ...kept, operation: "replace", changed: ["target"] })
      continue
    }
    const { properties, unknown } = resolveReferences(resource.properties ?? {}, lookup)
    const difference = compare({ desired: properties, unknown, prior: found.prior, actual: found.actual }, capabilities)
    changes.set(
      resource.label,
      difference._tag === "Same"
        ? { ...kept, operation: "noop", changed: [], compared: properties }
        : {
            ...kept,
            operation: difference._tag === "Replace" ? "replace" : "update",
            changed: difference.changed,
          },
    )
  }

  const unwanted = [...existing.values()]
    .filter(({ row }) => !changes.has(row.label))
    .map((one): Change => {
      const blocked = held.get(one.row.label)
      return { ...deletionOf(one), ...(blocked === undefined ? {} : { blocked }) }
    })
  return [...changes.values(), ...unwanted]
}

/** What refers to something that could not be read would be planned on a guess, which may be to replace it. */
const blockedBy = (labels: ReadonlyArray<string>): ChangeError | undefined =>
  labels.length === 0
    ? undefined
    : { code: "DependencyFailure", message: `it refers to ${labels.join(", ")}, of which nothing is known now` }

/** The plan that removes everything. */
export const makeDestroyPlan = (existing: ReadonlyArray<Existing>): ReadonlyArray<Change> => existing.map(deletionOf)

const deletionOf = (existing: Existing): Change => ({
  label: existing.row.label,
  type: existing.row.type,
  operation: "delete",
  changed: [],
  nativeId: existing.row.nativeId,
  wanted: undefined,
  existing,
  dependsOn: existing.row.dependsOn,
})
