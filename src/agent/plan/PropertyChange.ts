/** What a plan says about one place in the properties of a resource. It holds no secret. */
import * as Schema from "effect/Schema"

const yes = Schema.optionalKey(Schema.Literal(true))

/** A value that is not shown. */
export const secretMark = { secret: true } as const

/** One place in the properties of a resource that a plan changes. */
export class PropertyChange extends Schema.Opaque<PropertyChange>()(
  Schema.Struct({
    /** The place, as a JSON Pointer into the properties. */
    path: Schema.String,
    /**
     * What is there now: what the provider has, or where nothing was read, what
     * the inventory has. Left out where nothing is there.
     */
    before: Schema.optionalKey(Schema.Json),
    /**
     * What is wanted there. Left out where nothing is. A reference whose value is
     * known only later stands as it is in the document: `{ "$ref": "net.VpcId" }`.
     * A name that will be made, or made again, is left out too, with `knownLater`.
     */
    after: Schema.optionalKey(Schema.Json),
    /** The property is secret, or may be: `{ "secret": true }` stands for each value that is there. */
    secret: yes,
    /** What is there now is secret, and what is wanted is not: only `before` is `{ "secret": true }`. */
    secretBefore: yes,
    /** The value, or a part of it, is known only once other changes are made. */
    knownLater: yes,
    /** The place cannot be changed: because of it, the resource is replaced. */
    forcesReplacement: yes,
    /** What the provider has there is not what it had when the place was last read: somebody else changed it. */
    changedOutside: yes,
  }),
) {}
