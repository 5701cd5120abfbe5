/** The parameters that a document declares. */
import * as Schema from "effect/Schema"
import { isRecord } from "../../../protocol/isRecord.ts"
import { missingField } from "../../../protocol/Issue.ts"

/** What the value of a parameter is. */
export const ParameterType = Schema.Literals(["string", "number", "integer", "boolean", "list", "object"])
const [first, ...others] = ParameterType.literals
export type ParameterType = typeof ParameterType.Type | never

/** What a document says of a parameter. */
export class ParameterDeclaration extends Schema.Opaque<ParameterDeclaration>()(
  Schema.Struct({
    /** What its value is. */
    type: ParameterType.annotateKey({
      messageMissingKey: `${missingField}; write it here: type: ${first} (or ${others.join(", ")})`,
    }),
    /** What it is for, as the question for it says. */
    description: Schema.optionalKey(Schema.String),
    /** The value that it has where none is given: of its type, or `{ $env: NAME }`. */
    default: Schema.optionalKey(Schema.Json),
    /** The only values that it may have. */
    allowed: Schema.optionalKey(Schema.NonEmptyArray(Schema.Json)),
    /** Of a string: a regular expression for the whole of it. */
    pattern: Schema.optionalKey(Schema.String),
    /** Of a number or an integer: the least. Of a string or a list: the least length. */
    min: Schema.optionalKey(Schema.Finite),
    /** Of a number or an integer: the greatest. Of a string or a list: the greatest length. */
    max: Schema.optionalKey(Schema.Finite),
    /** Whether the value is kept out of everything that formae shows and stores. */
    secret: Schema.optionalKey(Schema.Boolean),
  }),
) {}

/** A parameter that a document declares, with its name. */
export interface Parameter extends ParameterDeclaration {
  /** As the document writes it. */
  readonly name: string
}

/** What is the same for two names that are written alike in capitals: a value that is given so is for both. */
export const parameterKey = (name: string): string => name.toUpperCase().replaceAll("-", "_")

/** Whether a default is looked up in the environment, and not written down. */
export const isLookedUp = (value: Schema.Json | undefined): boolean => isRecord(value) && Object.hasOwn(value, "$env")
