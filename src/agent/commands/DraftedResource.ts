/** How a document could state a thing that exists: what an import writes. */
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"

/** A resource as a document could state it. It holds no secret. */
export class DraftedResource extends Schema.Opaque<DraftedResource>()(
  Schema.Struct({
    /** Its label. */
    label: Schema.String,
    /** Its resource type. */
    type: ResourceType,
    /** The label of its target. */
    target: Schema.String,
    /** The id that the provider gave it. */
    nativeId: NativeId,
    /**
     * The properties that can be given, without secrets and without what is as
     * the provider takes it by default. `{ $ref: "label.Property" }` stands where
     * a value is that of another resource.
     */
    properties: JsonObject,
    /** The properties that are secret, and that it has or needs: each is to be given by a parameter. */
    secrets: Schema.Array(Schema.String),
  }),
) {}
