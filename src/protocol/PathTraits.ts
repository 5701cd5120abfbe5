/** What a type says about places inside its properties: traits, and the form in which two values are compared. */
import * as Schema from "effect/Schema"

const flag = Schema.optionalKey(Schema.Boolean)

/**
 * The traits and the canonical form of the values at one path. Each field is
 * optional, and an agent ignores fields that it does not know. The forms apply
 * in the order in which they are listed here, those of inner values first.
 */
export class PathTraits extends Schema.Opaque<PathTraits>()(
  Schema.Struct({
    /** Must be given, if what contains it is given. */
    required: flag,
    /** Cannot be changed after create: a change replaces the resource. It holds for everything inside the value too. */
    createOnly: flag,
    /** Accepted by the provider, but never returned by a read. */
    writeOnly: flag,
    /** Returned by some reads. Where it is not returned, it is compared with what was asked for last time. */
    maybeReturned: flag,
    /** With `createOnly`: changes that are possible in place, from a value (as text) to any of a list of values. */
    updatable: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Schema.Json))),
    /** Set by the provider: it may be referred to, but not given. */
    output: flag,
    /** An array whose order means nothing. */
    unordered: flag,
    /** The fields that tell which item of an unordered array is which. */
    keyedBy: Schema.optionalKey(Schema.Array(Schema.String)),
    /**
     * Whether the keys of an object are the user's own, so that a key that was
     * added elsewhere is a difference. Otherwise only what was asked for is
     * compared. It holds for everything inside the value, until a path inside
     * says something else.
     */
    exact: flag,
    /** Keys that belong to the provider and are left out, such as `aws:*`. A `*` at the end stands for any rest. */
    reserved: Schema.optionalKey(Schema.Array(Schema.String)),
    /** A JSON document, which may also be given as text. */
    json: flag,
    /** A policy document in the language of AWS, which may also be given as text. It is exact. */
    policy: flag,
    /** A single value is the same as a list of it. */
    list: flag,
    /** A number, which may also be given as text. */
    number: flag,
    /** A block of addresses: bits behind the prefix length mean nothing. */
    cidr: flag,
    /** Text in which upper and lower case are the same. */
    ignoreCase: flag,
    /** Other names of values, and what they stand for. */
    aliases: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
    /** An array in which an item that occurs twice counts once. */
    distinct: flag,
    /** An empty object, array or text is the same as no value. */
    emptyIsAbsent: flag,
    /** What the provider takes where nothing is given. */
    default: Schema.optionalKey(Schema.Json),
    /** Values that let the provider choose, and those that it may then return. */
    resolvedTo: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Schema.Json))),
  }),
) {}

/**
 * Traits by path. A path is a JSON Pointer from the properties. In it, `*`
 * stands for every item of an array and for every key of an object: `/Tags/*`
 * is each tag. A path that has a name goes before one that has a `*` there.
 */
export const Paths = Schema.Record(Schema.String.check(Schema.isPattern(/^(\/([^~/]|~[01])*)+$/)), PathTraits)
export type Paths = typeof Paths.Type
