/** One change of a plan, as a value. */
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { type TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { FormaResource } from "../forma/FormaDocument.ts"
import { ChangeError } from "../records/ChangeError.ts"
import { InventoryRow } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { isSealed, SealedProperties } from "../secrets/Seals.ts"
import { type SecretPlace, withSecretIds } from "../secrets/withSecretIds.ts"

/** What a change does to its resource. */
export const ChangeOperation = Schema.Literals(["create", "update", "replace", "delete", "noop"])
export type ChangeOperation = typeof ChangeOperation.Type | never

/** A resource of the inventory, and what the provider has. */
export class ExistingResource extends Schema.Opaque<ExistingResource>()(
  Schema.Struct({
    row: InventoryRow,
    /** What was asked for last time. Seals that fit what is wanted now are opened. */
    prior: SealedProperties,
    /** Left out where the resource no longer exists, or could not be read. */
    actual: Schema.optionalKey(JsonObject),
    /** Why the resource could not be read. If so, nothing is done to it. */
    unreadable: Schema.optionalKey(ChangeError),
  }),
) {}

/** A resource that the forma wants. */
export class WantedResource extends Schema.Opaque<WantedResource>()(
  Schema.Struct({
    resource: FormaResource,
    targetConfig: JsonObject,
    capabilities: TypeCapabilities,
  }),
) {}

const summary = {
  /** The label of the resource in its forma. */
  label: Schema.String,
  /** The resource type. */
  type: ResourceType,
  /** What is done to the resource. */
  operation: ChangeOperation,
  /** The properties that differ, in an update or a replace. */
  changed: Schema.Array(Schema.String),
  /** The places that force a replace, as JSON Pointers into the properties. */
  forcedBy: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * Keys that were added elsewhere and are left alone: this resource is compared
   * exactly for the first time, or they cannot be taken out of it.
   */
  seenOutside: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Left out until the resource exists. */
  nativeId: Schema.optionalKey(NativeId),
  /** Why the change cannot be made: it is not known whether the resource exists, or one that it refers to. */
  blocked: Schema.optionalKey(ChangeError),
}

/** An intersection, because a spread would lose the comments. */
const withSummary = <Fields>(fields: Fields): typeof summary & Fields => ({ ...summary, ...fields })

/** What may be reported about a change. It has no properties, because they may be secret. */
export class ChangeSummary extends Schema.Opaque<ChangeSummary>()(Schema.Struct(summary)) {}

/** A change whose encoded form has its secrets in clear: for schemas that replace the secrets themselves. */
export const ChangeInClear = Schema.Struct(
  withSummary({
    /** In a noop: the properties that were compared, with references resolved as they were then. */
    compared: Schema.optionalKey(JsonObject),
    /** Left out in a delete. */
    wanted: Schema.optionalKey(WantedResource),
    /** Left out in a create. */
    existing: Schema.optionalKey(ExistingResource),
    /** The labels that the resource refers to. */
    dependsOn: Schema.Array(Schema.String),
  }),
)
export interface Change extends Schema.Schema.Type<typeof ChangeInClear> {}

/** Whether a property of a type is secret. A property that the type does not declare may be. */
export const isSecretProperty =
  ({ properties }: Pick<TypeCapabilities, "properties">) =>
  (name: string): boolean =>
    !Object.hasOwn(properties, name) || isSealed(properties[name])

/** Where a wanted resource at `path` has secrets. */
export const secretsOfWanted = (
  { capabilities }: WantedResource,
  path: ReadonlyArray<string>,
): ReadonlyArray<SecretPlace> => [
  { path: [...path, "resource", "properties"], isSecret: isSecretProperty(capabilities) },
  { path: [...path, "targetConfig"], isSecret: (name) => capabilities.targetSecrets.includes(name) },
]

const everything = () => true

/**
 * Where a change at `path` has secrets. What is known of an existing resource is
 * judged by the traits of its type; where those are not known, because nothing
 * is wanted or another type is wanted, all of it counts as secret.
 */
export const secretsOfChange = (
  { existing, wanted }: Pick<Change, "existing" | "wanted">,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<SecretPlace> => {
  const isKnown = wanted !== undefined && existing?.row.type === wanted.resource.type
  const isSecretNow = isKnown ? isSecretProperty(wanted.capabilities) : everything
  const ofExisting = [
    ["existing", "prior"],
    ["existing", "actual"],
    ["existing", "row", "desired"],
    ["existing", "row", "actual"],
  ].map((place): SecretPlace => ({ path: [...path, ...place], isSecret: isSecretNow }))
  if (wanted === undefined) return ofExisting
  return [
    ...secretsOfWanted(wanted, [...path, "wanted"]),
    { path: [...path, "compared"], isSecret: isSecretProperty(wanted.capabilities) },
    ...ofExisting,
  ]
}

/** One change of a plan. Its encoded form is JSON with ids instead of secrets; both directions need `SecretValues`. */
export const Change = withSecretIds(ChangeInClear, secretsOfChange)

/** What may be reported about a change. */
export const summaryOf = ({
  blocked,
  changed,
  forcedBy,
  label,
  nativeId,
  operation,
  seenOutside,
  type,
}: Change): ChangeSummary => ({
  label,
  type,
  operation,
  changed,
  ...(forcedBy === undefined ? {} : { forcedBy }),
  ...(seenOutside === undefined ? {} : { seenOutside }),
  ...(nativeId === undefined ? {} : { nativeId }),
  ...(blocked === undefined ? {} : { blocked }),
})

/** What an operation of the journal does to its resource. */
export const changeOperationOf: Readonly<Record<JournalEntry["kind"], ChangeOperation>> = {
  Create: "create",
  Update: "update",
  Delete: "delete",
}

/** What may be reported about an operation of the journal. */
export const summaryOfEntry = ({ kind, label, nativeId, type }: JournalEntry): ChangeSummary => ({
  label,
  type,
  operation: changeOperationOf[kind],
  changed: [],
  ...(nativeId === null ? {} : { nativeId }),
})

/** Where a resource is. */
export type ResourceLocation = Pick<InventoryRow, "type" | "targetConfig">

/** Whether a resource is wanted at another place now, and so must be created again there. */
export const hasMoved = (row: ResourceLocation, { capabilities, resource, targetConfig }: WantedResource): boolean =>
  row.type !== resource.type ||
  (capabilities.targetIdentity.length === 0
    ? !Equal.equals(
        withoutSecretFields(row.targetConfig, capabilities),
        withoutSecretFields(targetConfig, capabilities),
      )
    : capabilities.targetIdentity.some((name) => !Equal.equals(row.targetConfig[name], targetConfig[name])))

/** A secret says how a target is reached, never where it is. */
const withoutSecretFields = (config: TargetConfig, { targetSecrets }: TypeCapabilities): TargetConfig =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !targetSecrets.includes(name)))

/** The config that reaches a resource where it is now: that of its present target, unless it is wanted at another place. */
export const reachOf = (row: ResourceLocation, wanted: WantedResource | undefined): TargetConfig =>
  wanted === undefined || hasMoved(row, wanted) ? row.targetConfig : wanted.targetConfig

/** Why resources must not be touched, by label: it is not known whether they exist. */
export type Blockers = ReadonlyMap<string, ChangeError>
