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
export const CreateRequest = Schema.Struct({ ...subject, properties: JsonObject })
export type CreateRequest = typeof CreateRequest.Type

/** Read the current properties of a resource. If it does not exist, the operation fails with `NotFound`. */
export const ReadRequest = Schema.Struct({ ...subject, nativeId: NativeId })
export type ReadRequest = typeof ReadRequest.Type

/**
 * Change a resource in place. `prior` has the properties that the provider had,
 * without outputs and opaque properties; `desired` has all the properties that
 * are wanted now; `patch` (RFC 6902) leads from `prior` to `desired`.
 */
export const UpdateRequest = Schema.Struct({
  ...subject,
  nativeId: NativeId,
  prior: JsonObject,
  desired: JsonObject,
  patch: Schema.Array(PatchOperation),
})
export type UpdateRequest = typeof UpdateRequest.Type

/** Delete a resource. If it does not exist, the operation succeeds. */
export const DeleteRequest = Schema.Struct({ ...subject, nativeId: NativeId })
export type DeleteRequest = typeof DeleteRequest.Type

/** Ask for the status of work that the provider has accepted. */
export const StatusRequest = Schema.Struct({
  ...subject,
  requestId: RequestId,
  nativeId: Schema.optionalKey(NativeId),
})
export type StatusRequest = typeof StatusRequest.Type

/** List the resources of a type, one page at a time. `pageSize` is the most native ids that the page may have. */
export const ListRequest = Schema.Struct({
  ...typeAndTarget,
  pageToken: Schema.optionalKey(Schema.String),
  pageSize: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
})
export type ListRequest = typeof ListRequest.Type

/** One page of a list. Without `nextPageToken` it is the last one. */
export const ListPage = Schema.Struct({
  nativeIds: Schema.Array(NativeId),
  nextPageToken: Schema.optionalKey(Schema.String),
})
export type ListPage = typeof ListPage.Type

/** The operations that report progress. `List` and `Recover` have answers of their own. */
export const Operation = Schema.TaggedUnion({
  Create: CreateRequest.fields,
  Read: ReadRequest.fields,
  Update: UpdateRequest.fields,
  Delete: DeleteRequest.fields,
  Status: StatusRequest.fields,
})
export type Operation = typeof Operation.Type
/** The names of all operations, those without progress included. */
export type OperationKind = Operation["_tag"] | "List" | "Recover" | "Canonicalize"
