/** What the fields of a schema say about a resource type, as TypeScript types. */
import type * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type { Named, Output, WriteOnly } from "./Property.ts"

type NamesWith<F extends Schema.Struct.Fields, Mark> = {
  [Name in keyof F]: F[Name] extends Mark ? Name : never
}[keyof F]

/** The properties that can be given, as JSON: all but those that the provider sets. A name that the agent can make is optional. */
export type GivenProperties<F extends Schema.Struct.Fields> = Types.Simplify<
  Omit<Schema.Struct.Encoded<F>, NamesWith<F, Output | Named>> &
    Partial<Pick<Schema.Struct.Encoded<F>, NamesWith<F, Named> & keyof Schema.Struct.Encoded<F>>>
>

/** The attributes that can be referred to, as JSON: all but those that the provider never returns. */
export type KnownAttributes<F extends Schema.Struct.Fields> = Types.Simplify<{
  readonly [Name in keyof F as F[Name] extends WriteOnly ? never : Name]: F[Name]["Encoded"]
}>
