/** The names of the metadata entry that holds the operation that created a resource. */
import { OperationKeys } from "formae/plugin"
import * as Context from "effect/Context"

/** The name, unless the settings say another. */
export const ownKey = "formae_operation_id"

/** Names are sent as headers, and come back in lower case. */
const isKey = (key: string): boolean => /^[a-z_][a-z0-9_]{0,127}$/u.test(key)

export const settings = OperationKeys.settings(
  ownKey,
  isKey,
  "Expected a metadata name of at most 128 lower case letters, digits and underscores, that does not begin with a digit",
)

export type MetadataKeys = OperationKeys.Keys

/** The names of this launch. */
export const MetadataKeys = Context.Reference<MetadataKeys>("@formae/plugin-azure/MetadataKeys", {
  defaultValue: () => OperationKeys.from(ownKey),
})
