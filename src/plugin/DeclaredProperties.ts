/** What the fields of a schema say about a resource type, as TypeScript types. */
import type * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type { Output, WriteOnly } from "./Property.ts"

type Fields = Schema.Struct.Fields

type NamesWith<F extends Fields, Mark> = { [Name in keyof F]: F[Name] extends Mark ? Name : never }[keyof F]

/** The properties that can be given, as JSON: all but those that the provider sets. */
export type GivenProperties<F extends Fields> = Types.Simplify<Omit<Schema.Struct.Encoded<F>, NamesWith<F, Output>>>

/** The attributes that can be referred to, as JSON: all but those that the provider never returns. */
export type KnownAttributes<F extends Fields> = Types.Simplify<{
  readonly [Name in Exclude<keyof F, NamesWith<F, WriteOnly>>]: F[Name]["Encoded"]
}>
