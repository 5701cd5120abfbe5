/** What a `recover` handler answers of a create that was sent and not heard of again. */
import { NativeId, RequestId } from "../protocol/Identity.ts"
import type { Recovery } from "../protocol/Recovery.ts"
import type { Properties } from "../protocol/Resource.ts"

/** Certain: the provider was asked, and this operation has made nothing. */
export const notStarted: Recovery = { status: "NotStarted" }

/** The provider works on it. `requestId` is what `create` would have answered with. */
export const inProgress = (work: { readonly requestId: string; readonly nativeId?: string }): Recovery => ({
  status: "InProgress",
  requestId: RequestId.make(work.requestId),
  ...(work.nativeId === undefined ? {} : { nativeId: NativeId.make(work.nativeId) }),
})

/** This operation has made the resource, and this is what the provider has now. */
export const done = (state: { readonly nativeId: string; readonly properties: Properties }): Recovery => ({
  status: "Done",
  nativeId: NativeId.make(state.nativeId),
  properties: state.properties,
})

/** The provider can not say. */
export const unknown = (message: string): Recovery => ({ status: "Unknown", message })
