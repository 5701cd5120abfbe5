/** What a plugin finds out about a create whose answer was lost. */
import * as Schema from "effect/Schema"
import { NativeId, RequestId } from "./Identity.ts"
import { CreateRequest } from "./Operation.ts"
import { JsonObject } from "./JsonObject.ts"

/** The create as it was sent, with the same operation id, and the native id if one was reported. */
export class RecoverRequest extends Schema.Opaque<RecoverRequest>()(
  Schema.Struct({ ...CreateRequest.fields, nativeId: Schema.optionalKey(NativeId) }),
) {}

/**
 * What became of a create. `NotStarted` and `Done` are certain: the provider was
 * asked. `Unknown` is the answer if it cannot be asked or did not answer.
 */
export const Recovery = Schema.Union([
  /** This operation has created nothing. */
  Schema.Struct({ status: Schema.Literal("NotStarted") }),
  /** The provider is working on it. */
  Schema.Struct({
    status: Schema.Literal("InProgress"),
    requestId: RequestId,
    nativeId: Schema.optionalKey(NativeId),
  }),
  /** This operation has created the resource. */
  Schema.Struct({ status: Schema.Literal("Done"), nativeId: NativeId, properties: JsonObject }),
  Schema.Struct({ status: Schema.Literal("Unknown"), message: Schema.String }),
])
export type Recovery = typeof Recovery.Type | never
