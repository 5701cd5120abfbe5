/** What a plugin finds out about a create whose answer was lost. */
import * as Schema from "effect/Schema"
import { NativeId, RequestId } from "./Identity.ts"
import { CreateRequest } from "./Operation.ts"
import { HeldProperties } from "./HeldProperties.ts"
import { Message } from "./Text.ts"

const { fields: create } = CreateRequest

/** The create as it was sent, with the same operation id, and the native id if one was reported. */
export class RecoverRequest extends Schema.Opaque<RecoverRequest>()(
  Schema.Struct({
    /** The id of the create. */
    operationId: create.operationId,
    /** What the resource is. */
    resourceType: create.resourceType,
    /** Where it lives and how it is reached. */
    targetConfig: create.targetConfig,
    /** The name of the resource in its forma. */
    label: create.label,
    /** What was wanted. */
    properties: create.properties,
    /** Present if the create has reported one. */
    nativeId: Schema.optionalKey(NativeId),
  }),
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
    /** Identifies the work, for a later Status. */
    requestId: RequestId,
    /** Present if the provider has given one already. */
    nativeId: Schema.optionalKey(NativeId),
  }),
  /** This operation has created the resource. */
  Schema.Struct({
    status: Schema.Literal("Done"),
    /** The id that the provider gave the resource. */
    nativeId: NativeId,
    /** The properties that the provider has. */
    properties: HeldProperties,
  }),
  /** It cannot be found out. */
  Schema.Struct({
    status: Schema.Literal("Unknown"),
    /** Why, for people. */
    message: Message,
  }),
])
export type Recovery = typeof Recovery.Type | never
