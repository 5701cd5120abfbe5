/** Where resources are, and whether one is wanted at another place. */
import * as Equal from "effect/Equal"
import type { NativeId } from "../../protocol/Identity.ts"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { WantedResource } from "./Change.ts"

/** Where a resource is. */
export type ResourceLocation = Pick<InventoryRow, "type" | "targetConfig"> & {
  readonly place?: string | null
  readonly nativeId?: NativeId | null
}

/** Whether a resource is wanted at another place now, and so must be created again there. */
export const hasMoved = (row: ResourceLocation, wanted: WantedResource): boolean => {
  if (row.type !== wanted.resource.type) return true
  // The place has the account too, which a config may not say.
  if (row.place != null && wanted.place !== undefined) {
    if (row.place !== wanted.place) return true
    // The same thing, although its target may be written in another way.
    if (wanted.nativeId !== undefined && wanted.nativeId === row.nativeId) return false
  }
  return statesAnother(row.targetConfig, wanted)
}

/** Whether a target says by itself that it is another place. */
const statesAnother = (before: TargetConfig, { capabilities, targetConfig }: WantedResource): boolean =>
  capabilities.targetIdentity.length === 0
    ? !Equal.equals(withoutSecretFields(before, capabilities), withoutSecretFields(targetConfig, capabilities))
    : capabilities.targetIdentity.some((name) => !Equal.equals(ownValue(before, name), ownValue(targetConfig, name)))

/** A secret says how a target is reached, never where it is. */
const withoutSecretFields = (config: TargetConfig, { targetSecrets }: TypeCapabilities): TargetConfig =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !targetSecrets.includes(name)))

/** The config that reaches a resource where it is now: that of its present target, unless it is wanted at another place. */
export const reachOf = (row: ResourceLocation, wanted: WantedResource | undefined): TargetConfig =>
  wanted === undefined || hasMoved(row, wanted) ? row.targetConfig : wanted.targetConfig
