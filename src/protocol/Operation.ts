/** What the agent asks a plugin to do: one operation on one resource. */
import * as Schema from "effect/Schema"
import { NativeId, OperationId, RequestId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"
import { LeaseTerm } from "./Lease.ts"
import { PatchOperation } from "./Resource.ts"

/** Intersections, because a spread would lose the comments. */
const join = <One, Other>(one: One, other: Other): One & Other => ({ ...one, ...other })

const typeAndTarget = {
  /** Identifies the operation. A repeated call has the same one. */
  operationId: OperationId,
  /** What the resource is. */
  resourceType: ResourceType,
  /** Where it lives and how it is reached. */
  targetConfig: JsonObject,
}

/** The field of every operation that changes something. */
const leased = {
  /** The term of the lease that it was sent in. Left out where the agent has none, and for plugins without the feature `lease`. */
  leaseTerm: Schema.optionalKey(LeaseTerm),
}

/** The fields that every operation on one resource has. */
const subject = join(typeAndTarget, {
  /** The name of the resource in its forma, for logs and for names that the provider wants. */
  label: Schema.String,
})

const existing = join(subject, {
  /** The id that the provider gave the resource. */
  nativeId: NativeId,
})

/** Create a resource. `operationId` is the token that makes a repeated create harmless. */
export class CreateRequest extends Schema.Opaque<CreateRequest>()(
  Schema.Struct(
    join(join(subject, leased), {
      /** What is wanted, with references resolved. */
      properties: JsonObject,
    }),
  ),
) {}

/** Read the current properties of a resource. If it does not exist, the operation fails with `NotFound`. */
export class ReadRequest extends Schema.Opaque<ReadRequest>()(Schema.Struct(existing)) {}

/**
 * Change a resource in place. `prior` has the properties that the provider had,
 * without outputs and opaque properties; `desired` has all the properties that
 * are wanted now; `patch` (RFC 6902) leads from `prior` to `desired`.
 */
export class UpdateRequest extends Schema.Opaque<UpdateRequest>()(
  Schema.Struct(
    join(join(existing, leased), {
      /** What the provider had, without outputs and opaque properties. */
      prior: JsonObject,
      /** What is wanted now: all properties, not only those that differ. */
      desired: JsonObject,
      /** Leads from `prior` to `desired`. */
      patch: Schema.Array(PatchOperation),
      /**
       * All that the agent has read before this update, outputs included and opaque
       * properties left out. Only for a type that says `takesLastRead`.
       */
      lastRead: Schema.optionalKey(JsonObject),
    }),
  ),
) {}

/** Delete a resource. If it does not exist, the operation succeeds. */
export class DeleteRequest extends Schema.Opaque<DeleteRequest>()(Schema.Struct(join(existing, leased))) {}

/** Ask for the status of work that the provider has accepted. */
export class StatusRequest extends Schema.Opaque<StatusRequest>()(
  Schema.Struct(
    join(join(subject, leased), {
      /** Identifies the work that the provider has accepted. */
      requestId: RequestId,
      /** Present if the provider has given one already. */
      nativeId: Schema.optionalKey(NativeId),
    }),
  ),
) {}

/** List the resources of a type, one page at a time. `pageSize` is the most native ids that the page may have. */
export class ListRequest extends Schema.Opaque<ListRequest>()(
  Schema.Struct(
    join(typeAndTarget, {
      /** The `nextPageToken` of the page before. Absent for the first one. */
      pageToken: Schema.optionalKey(Schema.String),
      /** The most native ids that the page may have, from 1 to 1,000. */
      pageSize: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
    }),
  ),
) {}

/** One page of a list. Without `nextPageToken` it is the last one. */
export class ListPage extends Schema.Opaque<ListPage>()(
  Schema.Struct({
    /** The ids of the resources. */
    nativeIds: Schema.Array(NativeId),
    /** Asks for the next page. Absent in the last one. */
    nextPageToken: Schema.optionalKey(Schema.String),
  }),
) {}

/**
 * The operations that report progress. Each has the fields of its request, such
 * as `CreateRequest`. `List` and `Recover` have answers of their own.
 */
export const Operation = Schema.TaggedUnion({
  Create: CreateRequest.fields,
  Read: ReadRequest.fields,
  Update: UpdateRequest.fields,
  Delete: DeleteRequest.fields,
  Status: StatusRequest.fields,
})
export type Operation = typeof Operation.Type | never
/** The names of all operations, those without progress included. */
export type OperationKind = Operation["_tag"] | "Canonicalize" | "Identify" | "List" | "Recover"
