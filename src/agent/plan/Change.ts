/** One change of a plan, as a value. */
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { type TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { FormaResource } from "../forma/FormaDocument.ts"
import { InventoryRow } from "../records/Inventory.ts"
import { isSealed, SealedProperties } from "../secrets/Seals.ts"
import { type SecretPlace, withSecretIds } from "../secrets/withSecretIds.ts"

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
export const Existing = Schema.Struct({
  row: InventoryRow,
  /** What was asked for last time. Seals are opened where they fit what is wanted now. */
  prior: SealedProperties,
  /** Not there where the provider does not have it any more, or could not be asked. */
  actual: Schema.optionalKey(JsonObject),
  /** Why the provider could not be asked. Nothing is done to the resource then. */
  unreadable: Schema.optionalKey(ChangeError),
})
export type Existing = typeof Existing.Type

/** A resource that the forma wants. */
export const Wanted = Schema.Struct({
  resource: FormaResource,
  targetConfig: JsonObject,
  capabilities: TypeCapabilities,
})
export type Wanted = typeof Wanted.Type

const summary = {
  label: Schema.String,
  type: ResourceType,
  operation: ChangeOperation,
  /** Why: the properties that differ, in an update or a replace. */
  changed: Schema.Array(Schema.String),
  /** Not there before the resource is made. */
  nativeId: Schema.optionalKey(NativeId),
  /** Why the change cannot be made: the provider could not be asked what there is, here or in what it refers to. */
  blocked: Schema.optionalKey(ChangeError),
}

/** What may be reported of a change: nothing of its properties, for they may be secret. */
export const ChangeSummary = Schema.Struct(summary)
export type ChangeSummary = typeof ChangeSummary.Type

/** A change with its secrets in clear: for schemas that replace the secrets of all that they hold. */
export const ChangeInClear = Schema.Struct({
  ...summary,
  /** In a noop: the properties that were compared, references resolved as they were then. */
  compared: Schema.optionalKey(JsonObject),
  /** Not there in a delete. */
  wanted: Schema.optionalKey(Wanted),
  /** Not there in a create. */
  existing: Schema.optionalKey(Existing),
  dependsOn: Schema.Array(Schema.String),
})
export interface Change extends Schema.Schema.Type<typeof ChangeInClear> {}

/** Which properties of a type are secret. One that the type does not declare may be. */
export const isSecretProperty =
  ({ properties }: Pick<TypeCapabilities, "properties">) =>
  (name: string): boolean =>
    !Object.hasOwn(properties, name) || isSealed(properties[name])

/** Where something wanted has secrets, below `path`. */
export const secretsOfWanted = ({ capabilities }: Wanted, path: ReadonlyArray<string>): ReadonlyArray<SecretPlace> => [
  { path: [...path, "resource", "properties"], isSecret: isSecretProperty(capabilities) },
  { path: [...path, "targetConfig"], isSecret: (name) => capabilities.targetSecrets.includes(name) },
]

/**
 * Where a change has secrets, below `path`. Without anything wanted, as in a
 * delete, all that it knows is from the inventory, which has none.
 */
export const secretsOfChange = (
  { wanted }: Pick<Change, "wanted">,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<SecretPlace> => {
  if (wanted === undefined) return []
  const isSecret = isSecretProperty(wanted.capabilities)
  return [
    ...secretsOfWanted(wanted, [...path, "wanted"]),
    { path: [...path, "compared"], isSecret },
    { path: [...path, "existing", "prior"], isSecret },
    { path: [...path, "existing", "actual"], isSecret },
  ]
}

/** One change of a plan. Its encoded form is JSON, and has ids in the place of secrets. */
export const Change = withSecretIds(ChangeInClear, secretsOfChange)

export const summaryOf = ({ blocked, changed, label, nativeId, operation, type }: Change): ChangeSummary => ({
  label,
  type,
  operation,
  changed,
  ...(nativeId === undefined ? {} : { nativeId }),
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
