/** What a handler answers for the provider: done, accepted, or refused with a code. */
import * as Schema from "effect/Schema"
import { Failure, type ErrorCode, RetryAfterMillis } from "../protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../protocol/Identity.ts"
import type { ListPage } from "../protocol/Operation.ts"
import type { Properties } from "../protocol/Resource.ts"

/** The answer of a handler: the work is done, or the provider has accepted it and the operator must poll. */
export type ProviderAnswer =
  | {
      readonly _tag: "Succeeded"
      /** The id of the resource. */
      readonly nativeId: NativeId
      /** The properties that the provider returned. */
      readonly properties: Properties
    }
  | {
      readonly _tag: "InProgress"
      /** Identifies the work, for the `status` handler. */
      readonly requestId: RequestId
      /** Left out until it is known. */
      readonly nativeId?: NativeId
    }

/** The work is done, and these are the properties that the provider returned. Leave out what it did not return. */
export const succeeded = (state: { readonly nativeId: string; readonly properties: Properties }): ProviderAnswer => ({
  _tag: "Succeeded",
  nativeId: NativeId.make(state.nativeId),
  properties: state.properties,
})

/** The resource is deleted, or did not exist. */
export const deleted = (nativeId: string): ProviderAnswer => succeeded({ nativeId, properties: {} })

/**
 * The provider has accepted the work. `requestId` must hold everything that the
 * `status` handler needs, also in a later launch and in a later version of the
 * plugin.
 */
export const inProgress = (work: { readonly requestId: string; readonly nativeId?: string }): ProviderAnswer => ({
  _tag: "InProgress",
  requestId: RequestId.make(work.requestId),
  ...(work.nativeId === undefined ? {} : { nativeId: NativeId.make(work.nativeId) }),
})

/** One page of a list. Without `nextPageToken` it is the last one. */
export const page = (found: {
  readonly nativeIds: ReadonlyArray<string>
  readonly nextPageToken?: string | undefined
}): ListPage => ({
  nativeIds: found.nativeIds.map((id) => NativeId.make(id)),
  ...(found.nextPageToken === undefined ? {} : { nextPageToken: found.nextPageToken }),
})

/** An expected failure of the provider. The operator retries if its code is recoverable. */
export class ProviderError extends Schema.TaggedError<ProviderError>("formae/plugin/Answer/ProviderError")(
  "ProviderError",
  {
    /** For programs: whether it is worth another try follows from it. */
    code: Failure.fields.code,
    /** For people: what the provider said. */
    message: Failure.fields.message,
    /**
     * Given if the resource exists, in part or as a whole, although the
     * operation failed. The agent then keeps it in its inventory.
     */
    nativeId: Schema.optionalKey(NativeId),
    /** How long the provider asks to wait before the next try, in milliseconds. The operator waits for at least that long. */
    retryAfterMillis: Schema.optionalKey(RetryAfterMillis),
  },
) {
  /** A failure with this code and message, and the native id of a resource that exists in spite of it. */
  static of(code: ErrorCode, message: string, nativeId?: NativeId): ProviderError {
    return new ProviderError({ code, message, ...(nativeId === undefined ? {} : { nativeId }) })
  }

  /**
   * The same failure of a provider that asks to wait for so many milliseconds, if
   * it does. A part of a millisecond counts as a whole one. What is no time to
   * wait is left out: it must not hide the failure.
   */
  after(retryAfterMillis: number | undefined): ProviderError {
    const whole = Math.ceil(retryAfterMillis ?? Number.NaN)
    return Number.isSafeInteger(whole) && whole >= 0
      ? new ProviderError({ ...fieldsOf(this), retryAfterMillis: whole })
      : this
  }

  /** The same failure for a resource that exists in spite of it. */
  at(nativeId: NativeId): ProviderError {
    return new ProviderError({ ...fieldsOf(this), nativeId })
  }
}

const fieldsOf = ({ code, message, nativeId, retryAfterMillis }: ProviderError) => ({
  code,
  message,
  ...(nativeId === undefined ? {} : { nativeId }),
  ...(retryAfterMillis === undefined ? {} : { retryAfterMillis }),
})

/** Whether a failure has this code, for `Effect.catchIf`. */
export const hasCode =
  (code: ErrorCode) =>
  (error: ProviderError): boolean =>
    error.code === code

/**
 * Adds the native id to a failure, for `Effect.mapError`. Use it on the steps of
 * a create that come after the resource exists, so that the resource is not lost
 * if one of them fails.
 */
export const withNativeId =
  (nativeId: string) =>
  (error: ProviderError): ProviderError =>
    error.at(NativeId.make(nativeId))
