/** Metadata of a resource, including the entry by which a repeated create recognizes its own. */
import { OperationKeys, Patch, Property, type ProviderError } from "formae/plugin"
import type { OperationId, UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import { type MetadataKeys, ownKey } from "./MetadataKeys.ts"

/** Names are sent as headers, and come back in lower case. */
const Name = Schema.String.check(
  Schema.isPattern(/^(?!formae_operation_id$)[a-z_][a-z0-9_]*$/u, {
    message: `Expected a metadata name of lower case letters, digits and underscores, other than ${ownKey}`,
  }),
)

const Value = Schema.String.check(
  Schema.isPattern(/^[!-~](?:[ -~]*[!-~])?$/u, { message: "Expected ASCII text without spaces around it" }),
)

export const Metadata = Schema.Record(Name, Value)
export type Metadata = typeof Metadata.Type

/** Metadata as a property of a type: each key is the user's own. */
export const property = Property.absentWhenEmpty(Schema.optionalKey(Metadata))

/** Metadata as services return it. */
export type ServiceMetadata = Readonly<Record<string, string>> | undefined

/** The metadata that a resource is created with. */
export const withOperation = (
  metadata: Metadata | undefined,
  operationId: OperationId,
  { current }: MetadataKeys,
): Record<string, string> => ({ ...metadata, [current]: encodeURIComponent(operationId) })

export const isMadeBy = (metadata: ServiceMetadata, operationId: OperationId, { known }: MetadataKeys): boolean =>
  known.some((key) => metadata?.[key] === encodeURIComponent(operationId))

/** Fails if an entry that is wanted has one of our names, of which the schema knows only the plugin's own. */
export const refuseHidden = (metadata: Metadata | undefined, keys: MetadataKeys): Effect.Effect<void, ProviderError> =>
  OperationKeys.refuse(
    Object.keys(metadata ?? {}),
    keys,
    (key) =>
      `Metadata: ${key} is a name under which formae writes its operation ids, by the settings of the plugin azure: give the entry another name`,
  )

/** The user's own metadata; undefined if there is none. */
export const visible = (metadata: ServiceMetadata, { known }: MetadataKeys): Metadata | undefined => {
  const shown = Record.filter(metadata ?? {}, (_, name) => !known.includes(name))
  return Record.isEmptyRecord(shown) ? undefined : shown
}

/** The complete metadata to set, including our own entry; undefined if an update does not change metadata. */
export const changed = (
  present: ServiceMetadata,
  request: { readonly desired: { readonly Metadata?: Metadata }; readonly patch: UpdateRequest["patch"] },
  keys: MetadataKeys,
): Effect.Effect<Record<string, string> | undefined, ProviderError> => {
  const wanted = Patch.wanted(request, "Metadata", {})
  const all = wanted && { ...wanted, ...Record.filter(present ?? {}, (_, name) => keys.known.includes(name)) }
  return Effect.as(refuseHidden(wanted, keys), all)
}
