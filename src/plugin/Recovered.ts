/** What a `recover` handler answers about a create whose answer was lost. */
import { NativeId, RequestId } from "../protocol/Identity.ts"
import type { Recovery } from "../protocol/Recovery.ts"
import type { Properties } from "../protocol/Resource.ts"

/** This operation has created nothing. Answer this only if it is certain, because the provider was asked. */
export const notStarted: Recovery = { status: "NotStarted" }

/** The provider is working on it. `requestId` is the one that `create` would have answered with. */
export const inProgress = (work: { readonly requestId: string; readonly nativeId?: string }): Recovery => ({
  status: "InProgress",
  requestId: RequestId.make(work.requestId),
  ...(work.nativeId === undefined ? {} : { nativeId: NativeId.make(work.nativeId) }),
})

/** This operation has created the resource, and these are the properties that the provider has now. */
export const done = (state: { readonly nativeId: string; readonly properties: Properties }): Recovery => ({
  status: "Done",
  nativeId: NativeId.make(state.nativeId),
  properties: state.properties,
})

/** The provider cannot say what became of the create. `message` says why. */
export const unknown = (message: string): Recovery => ({ status: "Unknown", message })
