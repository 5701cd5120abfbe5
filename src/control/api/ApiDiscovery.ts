/** What a discovery is asked for, and what it finds. */
import * as Schema from "effect/Schema"
import { ApiFailure } from "./ApiFailure.ts"
import { apiChangeError } from "./ApiResult.ts"

/** Where a discovery looks, and for what. */
export class ApiDiscoverRequest extends Schema.Opaque<ApiDiscoverRequest>()(
  Schema.Struct({
    /** The targets at which it looks, by label, as a document says them. Those of the inventory, if they are left out. */
    targets: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
    /** Only the targets with these labels. */
    at: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Only resources of these types. `AWS::EC2` stands for all types that begin so. */
    types: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Only resources that have these values, by the name of a tag or of a property. A `*` stands for any characters. */
    query: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    /** The document that is to get what is found, and the labels that it has. What the state has of it under others is found too. */
    into: Schema.optionalKey(Schema.Struct({ forma: Schema.String, labels: Schema.Array(Schema.String) })),
  }).annotate({ identifier: "DiscoverRequest" }),
) {}

/** A resource that no document owns. */
export class ApiFound extends Schema.Opaque<ApiFound>()(
  Schema.Struct({
    type: Schema.String,
    /** The label of the target at which it was found. */
    target: Schema.String,
    /** Where its native id is unique. */
    place: Schema.String,
    nativeId: Schema.String,
    /** What it is called. Only where it was read, as with a query. */
    name: Schema.optionalKey(Schema.String),
    /** Its label in the state, where an import into the document has been cut off. */
    label: Schema.optionalKey(Schema.String),
  }).annotate({ identifier: "Found" }),
) {}

/** A list, or a read of one of its resources, that has failed. */
export class ApiNotListed extends Schema.Opaque<ApiNotListed>()(
  Schema.Struct({
    /** The label of the target. */
    target: Schema.String,
    type: Schema.optionalKey(Schema.String),
    /** The resource that could not be read. Left out where the list has failed. */
    nativeId: Schema.optionalKey(Schema.String),
    error: apiChangeError,
  }).annotate({ identifier: "NotListed" }),
) {}

/**
 * A line of a discovery: what was found, what could not be listed, and at last
 * `end`. A stream without that line is cut off. `error` says why it could not
 * be read to its end.
 */
export const ApiDiscoveryLine = Schema.Union([
  Schema.Struct({ found: ApiFound }),
  Schema.Struct({ failed: ApiNotListed }),
  Schema.Struct({ error: ApiFailure }),
  Schema.Struct({ end: Schema.Literal(true) }),
])
export type ApiDiscoveryLine = typeof ApiDiscoveryLine.Type | never
