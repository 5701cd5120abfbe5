/** What a plugin says of a create that was sent and not heard of again. */
import * as Schema from "effect/Schema"
import { NativeId, RequestId } from "./Identity.ts"
import { CreateRequest } from "./Operation.ts"
import { JsonObject } from "./JsonObject.ts"

/** The create as it was sent, under the operation id that it was sent with, and the native id if one was told. */
export const RecoverRequest = Schema.Struct({ ...CreateRequest.fields, nativeId: Schema.optionalKey(NativeId) })
export type RecoverRequest = typeof RecoverRequest.Type

/**
 * `NotStarted` and `Done` are certain: the provider was asked. `Unknown` is
 * what is said where it can not be asked, or did not answer.
 */
export const Recovery = Schema.Union([
  /** This operation has made nothing. */
  Schema.Struct({ status: Schema.Literal("NotStarted") }),
  /** The provider works on it. */
  Schema.Struct({
    status: Schema.Literal("InProgress"),
    requestId: RequestId,
    nativeId: Schema.optionalKey(NativeId),
  }),
  /** This operation has made the resource. */
  Schema.Struct({ status: Schema.Literal("Done"), nativeId: NativeId, properties: JsonObject }),
  Schema.Struct({ status: Schema.Literal("Unknown"), message: Schema.String }),
])
export type Recovery = typeof Recovery.Type
