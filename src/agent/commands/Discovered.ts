/** What a discovery finds: one thing that no document owns, or why a list is not complete. */
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { ChangeError } from "../records/ChangeError.ts"

/**
 * One finding of a discovery.
 *
 * - `Found`: a resource that is in no document.
 * - `Failed`: a list, or a read of one of its resources, that has failed. All others go on.
 */
export const Discovered = Schema.TaggedUnion({
  Found: {
    /** The resource type. */
    type: ResourceType,
    /** The label of the target at which it was found. */
    target: Schema.String,
    /** Where its native id is unique. */
    place: Schema.String,
    /** The id that the provider gave it. */
    nativeId: NativeId,
    /** What it is called: a tag `Name`, or a property. Only where it was read, as with a query. */
    name: Schema.optionalKey(Schema.String),
    /** Its label in the state, where an import into the document has been cut off. */
    label: Schema.optionalKey(Schema.String),
  },
  Failed: {
    /** The label of the target. Empty where there is none for the type. */
    target: Schema.String,
    /** The resource type. Left out where the types of the target are not known. */
    type: Schema.optionalKey(Schema.String),
    /** The resource that could not be read. Left out where the list has failed. */
    nativeId: Schema.optionalKey(NativeId),
    /** Why. */
    error: ChangeError,
  },
})
export type Discovered = typeof Discovered.Type | never
