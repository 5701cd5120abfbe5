/** What the agent asks a plugin to do: one operation on one resource. */
import * as Schema from "effect/Schema"
import { NativeId, OperationId, RequestId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"
import { PatchOperation } from "./Resource.ts"

const typeAndTarget = {
  operationId: OperationId,
  resourceType: ResourceType,
  targetConfig: JsonObject,
}

/** The fields that every operation on one resource has. */
const subject = { ...typeAndTarget, label: Schema.String }

/** Create a resource. `operationId` is the token that makes a repeated create harmless. */
export class CreateRequest extends Schema.Opaque<CreateRequest>()(
  Schema.Struct({ ...subject, properties: JsonObject }),
) {}

/** Read the current properties of a resource. If it does not exist, the operation fails with `NotFound`. */
export class ReadRequest extends Schema.Opaque<ReadRequest>()(Schema.Struct({ ...subject, nativeId: NativeId })) {}

/**
 * Change a resource in place. `prior` has the properties that the provider had,
 * without outputs and opaque properties; `desired` has all the properties that
 * are wanted now; `patch` (RFC 6902) leads from `prior` to `desired`.
 */
export class UpdateRequest extends Schema.Opaque<UpdateRequest>()(
  Schema.Struct({
    ...subject,
    nativeId: NativeId,
    prior: JsonObject,
    desired: JsonObject,
    patch: Schema.Array(PatchOperation),
  }),
) {}

/** Delete a resource. If it does not exist, the operation succeeds. */
export class DeleteRequest extends Schema.Opaque<DeleteRequest>()(Schema.Struct({ ...subject, nativeId: NativeId })) {}

/** Ask for the status of work that the provider has accepted. */
export class StatusRequest extends Schema.Opaque<StatusRequest>()(
  Schema.Struct({
    ...subject,
    requestId: RequestId,
    nativeId: Schema.optionalKey(NativeId),
  }),
) {}

/** List the resources of a type, one page at a time. `pageSize` is the most native ids that the page may have. */
export class ListRequest extends Schema.Opaque<ListRequest>()(
  Schema.Struct({
    ...typeAndTarget,
    pageToken: Schema.optionalKey(Schema.String),
    pageSize: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
  }),
) {}

/** One page of a list. Without `nextPageToken` it is the last one. */
export class ListPage extends Schema.Opaque<ListPage>()(
  Schema.Struct({
    nativeIds: Schema.Array(NativeId),
    nextPageToken: Schema.optionalKey(Schema.String),
  }),
) {}

/** The operations that report progress. `List` and `Recover` have answers of their own. */
export const Operation = Schema.TaggedUnion({
  Create: CreateRequest.fields,
  Read: ReadRequest.fields,
  Update: UpdateRequest.fields,
  Delete: DeleteRequest.fields,
  Status: StatusRequest.fields,
})
export type Operation = typeof Operation.Type | never
/** The names of all operations, those without progress included. */
export type OperationKind = Operation["_tag"] | "List" | "Recover"
