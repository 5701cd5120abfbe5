/** One change of a plan, as a value. */
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { FormaResource } from "../forma/Forma.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { SealedProperties } from "../secrets/Seals.ts"

export const ChangeOperation = Schema.Literals(["create", "update", "replace", "delete", "noop"])
export type ChangeOperation = typeof ChangeOperation.Type

/** Why a change was not made. */
export const ChangeError = Schema.Struct({
  /** A provider's error code, or the name of the condition that came before it. */
  code: Schema.String,
  message: Schema.String,
})
export type ChangeError = typeof ChangeError.Type

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
export type Placed = Pick<InventoryRow, "type" | "targetConfig">

/** Whether a resource that its forma still wants is somewhere else now, so that it must be made anew there. */
export const hasMoved = (row: Placed, { capabilities, resource, targetConfig }: Wanted): boolean =>
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
