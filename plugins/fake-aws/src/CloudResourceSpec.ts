/** What is particular to one resource type of FakeAWS. */
import type { FieldsSchema, ProviderError } from "formae/plugin"
import type { Idempotency, NativeId, Properties } from "formae/protocol"
import type { Tables } from "./Tables.ts"
import type { Target } from "./Target.ts"

export interface CloudResourceSpec<P extends Properties> {
  readonly type: string
  readonly idempotency: Idempotency
  readonly properties: FieldsSchema<P>
  /** The native id of a new resource. `id` is random. */
  readonly nativeId: (created: { readonly properties: P; readonly target: Target; readonly id: string }) => string
  /** The native id that a create would have, where it follows from the properties. */
  readonly identify?: (properties: Partial<P>) => string | undefined
  /** The properties that the provider sets. */
  readonly outputs: (nativeId: NativeId, properties: P) => Properties
  /** Set where nothing can be changed in place. */
  readonly immutable?: true
  readonly refuseCreate?: (tables: Tables, properties: P) => ProviderError | undefined
  readonly refuseDelete?: (tables: Tables, nativeId: NativeId) => ProviderError | undefined
}
