/** Metadata of a resource, including the entry by which a repeated create recognizes its own. */
import { Patch, Property } from "formae/plugin"
import type { OperationId, UpdateRequest } from "formae/protocol"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"

/** The name of the entry that holds the operation that created the resource. */
const operationKey = "formae_operation_id"

/** Names are sent as headers, and come back in lower case. */
const Name = Schema.String.check(
  Schema.isPattern(/^(?!formae_operation_id$)[a-z_][a-z0-9_]*$/u, {
    message: `Expected a metadata name of lower case letters, digits and underscores, other than ${operationKey}`,
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
export const withOperation = (metadata: Metadata | undefined, operationId: OperationId): Record<string, string> => ({
  ...metadata,
  [operationKey]: encodeURIComponent(operationId),
})

export const isMadeBy = (metadata: ServiceMetadata, operationId: OperationId): boolean =>
  metadata?.[operationKey] === encodeURIComponent(operationId)

/** The user's own metadata; undefined if there is none. */
export const visible = (metadata: ServiceMetadata): Metadata | undefined => {
  const shown = Record.filter(metadata ?? {}, (_, name) => name !== operationKey)
  return Record.isEmptyRecord(shown) ? undefined : shown
}

/** The complete metadata to set, including our own entry; undefined if an update does not change metadata. */
export const changed = (
  present: ServiceMetadata,
  request: { readonly desired: { readonly Metadata?: Metadata }; readonly patch: UpdateRequest["patch"] },
): Record<string, string> | undefined => {
  const wanted = Patch.wanted(request, "Metadata", {})
  return wanted && { ...wanted, ...Record.filter(present ?? {}, (_, name) => name === operationKey) }
}
