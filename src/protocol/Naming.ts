/** How a type makes a name that a document leaves out. */
import * as Schema from "effect/Schema"

/** The least room of a name beside its prefix and its endings: with less, it could not be made unique. */
const minRoom = 16

/** What becomes a part of a name. Other characters could not be told apart, or not be printed. */
const Printable = Schema.String.check(
  Schema.isPattern(/^[ -~]*$/u, { message: "Expected only printable ASCII characters" }),
)

/** What a name ends with where a property has a value, such as `.fifo` of a FIFO queue. */
export class NameEnding extends Schema.Opaque<NameEnding>()(
  Schema.Struct({
    /** The property that decides. */
    property: Schema.String,
    /** Its value. */
    value: Schema.Json,
    /** What the name ends with then. It counts in the length. */
    ending: Printable,
  }),
) {}

/**
 * The rule by which the agent makes the name of a resource whose document has
 * none. Such a name begins with a letter and ends with a letter or a digit
 * (before its ending), and has letters, digits and single separators between them.
 */
export class Naming extends Schema.Opaque<Naming>()(
  Schema.Struct({
    /** The property that is the name. It is text, cannot be changed after create and is no secret. */
    property: Schema.String,
    /** Which letters of the alphabet a name may have: `lower` (a to z), or `any` (upper case too). */
    letters: Schema.Literals(["lower", "any"]),
    /** What is put between the parts of a name, such as `-`. Empty where a name has only letters and digits. */
    separator: Printable.check(Schema.isMaxLength(1)),
    /** The most characters that a name may have, with its prefix and its ending. */
    maxLength: Schema.Int,
    /** What each name begins with. */
    prefix: Schema.optionalKey(Printable),
    /** Beginnings that the provider keeps for itself, in lower or upper case: such a name gets an `x` in front. */
    reserved: Schema.optionalKey(Schema.Array(Printable)),
    /** What a name ends with where a property has a value. */
    endings: Schema.optionalKey(Schema.Array(NameEnding)),
  }).check(
    Schema.makeFilter(({ endings = [], maxLength, prefix = "" }) =>
      maxLength - [prefix, ...endings.map(({ ending }) => ending)].join("").length >= minRoom
        ? undefined
        : { path: ["maxLength"], issue: `Expected room for ${minRoom} characters beside the prefix and the endings` },
    ),
  ),
) {}
