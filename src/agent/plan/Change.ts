/** One change of a plan, as a value. */
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { FormaResource } from "../forma/FormaDocument.ts"
import { ChangeError } from "../records/ChangeError.ts"
import { InventoryRow } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { isSeal, isSealed, SealedProperties } from "../secrets/Seals.ts"
import { isSecretId, type SecretPlace, withSecretIds } from "../secrets/withSecretIds.ts"

/**
 * What a change does to its resource. `adopt` and `forget` change only what the
 * inventory has: a human has decided so, or somebody else owns the same thing.
 */
export const ChangeOperation = Schema.Literals(["create", "update", "replace", "delete", "noop", "adopt", "forget"])
export type ChangeOperation = typeof ChangeOperation.Type | never

/** A resource of the inventory, and what the provider has. */
export class ExistingResource extends Schema.Opaque<ExistingResource>()(
  Schema.Struct({
    /** Its row in the inventory. */
    row: InventoryRow,
    /** What was asked for last time. Seals that fit what is wanted now are opened. */
    prior: SealedProperties,
    /** What the provider has. Left out where the resource no longer exists, or could not be read. */
    actual: Schema.optionalKey(JsonObject),
    /** The command whose plan has read it. Its update starts from that read; one of another command reads again. */
    readBy: Schema.optionalKey(Schema.String),
    /** Why the resource could not be read. If so, nothing is done to it. */
    unreadable: Schema.optionalKey(ChangeError),
    /** How it is reached now, where it is no longer wanted and the document still names its place. */
    presentConfig: Schema.optionalKey(JsonObject),
    /** The label that it had until now. */
    movedFrom: Schema.optionalKey(Schema.String),
    /** All who own the same thing too, each as `forma/label`. It is not deleted, then. */
    sharedWith: Schema.optionalKey(Schema.String),
    /** Why only another label may change it: that one has the same thing. */
    ownedElsewhere: Schema.optionalKey(ChangeError),
    /** Its secrets that the provider still has as they were asked for last. Known only with `drift: ask`. */
    unchangedSecrets: Schema.optionalKey(Schema.Array(Schema.String)),
    /**
     * Of what is deleted, or gives way to another type: the places that were
     * changed elsewhere, as JSON Pointers. Known only with `drift: ask`.
     */
    drifted: Schema.optionalKey(Schema.Array(Schema.String)),
  }),
) {}

/** A resource that the forma wants. */
export class WantedResource extends Schema.Opaque<WantedResource>()(
  Schema.Struct({
    /** The resource, as the forma has it. */
    resource: FormaResource,
    /** The config of its target. */
    targetConfig: JsonObject,
    /** What its type can do. */
    capabilities: TypeCapabilities,
    /** Where native ids of its type are unique. Left out where that could not be asked. */
    place: Schema.optionalKey(Schema.String),
    /** The native id that a create would have. Left out where it is not known, or was not asked. */
    nativeId: Schema.optionalKey(NativeId),
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
  /** The places that force a replace, as JSON Pointers into the properties. Of one that creates first, the create has them. */
  forcedBy: Schema.optionalKey(Schema.Array(Schema.String)),
  /**
   * Keys that were added elsewhere and are left alone: this resource is compared
   * exactly for the first time, or they cannot be taken out of it.
   */
  seenOutside: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Left out until the resource exists. */
  nativeId: Schema.optionalKey(NativeId),
  /** The label that the resource had until now: it was renamed in the document. */
  movedFrom: Schema.optionalKey(Schema.String),
  /** All who own the same thing too, each as `forma/label`, with commas between them. */
  sharedWith: Schema.optionalKey(Schema.String),
  /** In a create: the resource existed, and was deleted elsewhere. */
  deletedOutside: Schema.optionalKey(Schema.Literal(true)),
  /**
   * Where the document says `drift: ask`: the places that were changed elsewhere,
   * as JSON Pointers, and that the change overwrites or deletes. Of a secret that
   * is only likely. None where the resource was deleted elsewhere. Left out where
   * there is nothing to ask.
   */
  asksDrift: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Why the change cannot be made: it is not known whether the resource exists, or one that it refers to. */
  blocked: Schema.optionalKey(ChangeError),
}

/** An intersection, because a spread would lose the comments. */
const withSummary = <Fields>(fields: Fields): typeof summary & Fields => ({ ...summary, ...fields })

/** What may be reported about a change. It has no properties, because they may be secret. */
export class ChangeSummary extends Schema.Opaque<ChangeSummary>()(Schema.Struct(summary)) {}

const order = {
  /** The labels that the resource refers to or depends on. A delete waits for those that depend on it instead. */
  dependsOn: Schema.Array(Schema.String),
}

/** What may be reported about a change before it begins. */
export class PlannedChange extends Schema.Opaque<PlannedChange>()(Schema.Struct(withSummary(order))) {}

/** A change whose encoded form has its secrets in clear: for schemas that replace the secrets themselves. */
export class ChangeInClear extends Schema.Opaque<ChangeInClear>()(
  Schema.Struct(
    withSummary({
      /**
       * In a noop, and in an update whose references were all known: the properties
       * that were compared, with references resolved as they were then.
       */
      compared: Schema.optionalKey(JsonObject),
      /** Left out in a delete. */
      wanted: Schema.optionalKey(WantedResource),
      /** Left out in a create. */
      existing: Schema.optionalKey(ExistingResource),
      /** The labels that the resource refers to or depends on. */
      dependsOn: Schema.Array(Schema.String),
      /** In a create or a replace that may turn out to be a rename: the labels whose things are deleted, and could be the same thing. Changes of one type share the list, in which a replace has its own label too. */
      unwanted: Schema.optionalKey(Schema.Array(Schema.String)),
    }),
  ),
) {}

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

/** In an encoded change, the id of a secret stands where the seal was. */
const isSealOrId = (value: Schema.Json | undefined): boolean => isSeal(value) || isSecretId(value)

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
  const isWanted = isKnown ? isSecretProperty(wanted.capabilities) : everything
  // What is stored as a seal is secret although the document no longer says so.
  const isSecretNow = (name: string): boolean => isWanted(name) || isSealOrId(ownValue(existing?.row.desired, name))
  const ofExisting = [
    ["existing", "prior"],
    ["existing", "actual"],
    ["existing", "row", "desired"],
    ["existing", "row", "actual"],
    ["existing", "row", "lastRead", "properties"],
    // Which of its fields are secret is known only with the traits of its type.
    ["existing", "presentConfig"],
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
  asksDrift,
  blocked,
  changed,
  deletedOutside,
  forcedBy,
  label,
  movedFrom,
  nativeId,
  operation,
  seenOutside,
  sharedWith,
  type,
}: Change): ChangeSummary => ({
  label,
  type,
  operation,
  changed,
  ...(forcedBy === undefined ? {} : { forcedBy }),
  ...(deletedOutside === undefined ? {} : { deletedOutside }),
  ...(seenOutside === undefined ? {} : { seenOutside }),
  ...(movedFrom === undefined ? {} : { movedFrom }),
  ...(sharedWith === undefined ? {} : { sharedWith }),
  ...(nativeId === undefined ? {} : { nativeId }),
  ...(asksDrift === undefined ? {} : { asksDrift }),
  ...(blocked === undefined ? {} : { blocked }),
})

/** What an operation of the journal does to its resource. */
export const changeOperationOf: Readonly<Record<JournalEntry["kind"], ChangeOperation>> = {
  Create: "create",
  Update: "update",
  Delete: "delete",
  Import: "adopt",
}

/** What may be reported about an operation of the journal. */
export const summaryOfEntry = ({ kind, label, nativeId, type }: JournalEntry): ChangeSummary => ({
  label,
  type,
  operation: changeOperationOf[kind],
  changed: [],
  ...(nativeId === null ? {} : { nativeId }),
})

/** Why resources must not be touched, by label: it is not known whether they exist. */
export type Blockers = ReadonlyMap<string, ChangeError>
