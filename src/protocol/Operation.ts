/** What the agent asks of a plugin: one operation on one resource. */
import * as Schema from "effect/Schema"
import { NativeId, OperationId, RequestId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"
import { PatchOperation } from "./Resource.ts"

const typeAndTarget = {
  operationId: OperationId,
  resourceType: ResourceType,
  targetConfig: JsonObject,
}

/** What every operation on one resource says of it. */
const subject = { ...typeAndTarget, label: Schema.String }

/** Make a resource. `operationId` is the token that makes a repeated create harmless. */
export const CreateRequest = Schema.Struct({ ...subject, properties: JsonObject })
export type CreateRequest = typeof CreateRequest.Type

/** Tell the present properties of a resource. One that is missing is a failure `NotFound`. */
export const ReadRequest = Schema.Struct({ ...subject, nativeId: NativeId })
export type ReadRequest = typeof ReadRequest.Type

/**
 * Change a resource in place. `prior` is what the provider had of the
 * properties that can be given, without opaque ones; `desired` is the whole of
 * what is wanted; `patch` leads from the one to the other.
 */
export const UpdateRequest = Schema.Struct({
  ...subject,
  nativeId: NativeId,
  prior: JsonObject,
  desired: JsonObject,
  patch: Schema.Array(PatchOperation),
})
export type UpdateRequest = typeof UpdateRequest.Type

/** Remove a resource. One that is missing already is a success. */
export const DeleteRequest = Schema.Struct({ ...subject, nativeId: NativeId })
export type DeleteRequest = typeof DeleteRequest.Type

/** Tell what became of work that the provider accepted. */
export const StatusRequest = Schema.Struct({
  ...subject,
  requestId: RequestId,
  nativeId: Schema.optionalKey(NativeId),
})
export type StatusRequest = typeof StatusRequest.Type

/** List the resources of a type, a page at a time. */
export const ListRequest = Schema.Struct({
  ...typeAndTarget,
  pageToken: Schema.optionalKey(Schema.String),
  pageSize: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
})
export type ListRequest = typeof ListRequest.Type

/** One page of a list. No `nextPageToken` means that it was the last one. */
export const ListPage = Schema.Struct({
  nativeIds: Schema.Array(NativeId),
  nextPageToken: Schema.optionalKey(Schema.String),
})
export type ListPage = typeof ListPage.Type

/** The operations that report progress. List and Recover answer otherwise, and are apart. */
export const Operation = Schema.TaggedUnion({
  Create: CreateRequest.fields,
  Read: ReadRequest.fields,
  Update: UpdateRequest.fields,
  Delete: DeleteRequest.fields,
  Status: StatusRequest.fields,
})
export type Operation = typeof Operation.Type
export type OperationKind = Operation["_tag"] | "List" | "Recover"
