/** What a provider handler answers: done, accepted, or refused with a code. */
import * as Schema from "effect/Schema"
import { Failure, type ErrorCode } from "../protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../protocol/Identity.ts"
import type { ListPage } from "../protocol/Operation.ts"
import type { Properties } from "../protocol/Resource.ts"

export type Answer =
  | { readonly _tag: "Succeeded"; readonly nativeId: NativeId; readonly properties: Properties }
  | { readonly _tag: "InProgress"; readonly requestId: RequestId; readonly nativeId?: NativeId }

/** The work is done, and this is what the provider has now. Fill in only what it returned. */
export const succeeded = (state: { readonly nativeId: string; readonly properties: Properties }): Answer => ({
  _tag: "Succeeded",
  nativeId: NativeId.make(state.nativeId),
  properties: state.properties,
})

/** The resource is gone, or was never there. */
export const deleted = (nativeId: string): Answer => succeeded({ nativeId, properties: {} })

/**
 * The provider has accepted the work. `requestId` must hold all that `status`
 * needs, also in a later launch and in a later version of the plugin.
 */
export const inProgress = (work: { readonly requestId: string; readonly nativeId?: string }): Answer => ({
  _tag: "InProgress",
  requestId: RequestId.make(work.requestId),
  ...(work.nativeId === undefined ? {} : { nativeId: NativeId.make(work.nativeId) }),
})

/** One page of a list. No `nextPageToken` means that it is the last one. */
export const page = (found: {
  readonly nativeIds: ReadonlyArray<string>
  readonly nextPageToken?: string | undefined
}): ListPage => ({
  nativeIds: found.nativeIds.map((id) => NativeId.make(id)),
  ...(found.nextPageToken === undefined ? {} : { nextPageToken: found.nextPageToken }),
})

/** An expected failure of the provider. The operator tries again if its code is recoverable. */
export class ProviderError extends Schema.TaggedError<ProviderError>("formae/plugin/Answer/ProviderError")(
  "ProviderError",
  {
    ...Failure.fields,
    /**
     * Given where the resource exists, in part or in whole, although the
     * operation failed: the agent keeps it in its inventory.
     */
    nativeId: Schema.optionalKey(NativeId),
  },
) {
  static of(code: ErrorCode, message: string, nativeId?: NativeId): ProviderError {
    return new ProviderError({ code, message, ...(nativeId === undefined ? {} : { nativeId }) })
  }
}

/** Whether a failure is this one, for `Effect.catchIf`. */
export const hasCode =
  (code: ErrorCode) =>
  (error: ProviderError): boolean =>
    error.code === code

/** A failure of what comes after a create that was done: the resource is there, and must not be lost. */
export const ofMade =
  (nativeId: string) =>
  ({ code, message }: ProviderError): ProviderError =>
    ProviderError.of(code, message, NativeId.make(nativeId))
