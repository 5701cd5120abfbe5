/** What the fields of a schema say about a resource type, as TypeScript types. */
import type * as Schema from "effect/Schema"
import type * as Types from "effect/Types"
import type { Named, Output, WriteOnly } from "./Property.ts"

/** The properties that can be given, as JSON: all but those that the provider sets. A name that the agent can make is optional. */
export type GivenProperties<F extends Schema.Struct.Fields> = Types.Simplify<
  Omit<Schema.Struct.Encoded<F>, { [Name in keyof F]: F[Name] extends Output | Named ? Name : never }[keyof F]> & {
    readonly [Name in keyof F as F[Name] extends Named ? Name : never]?: F[Name]["Encoded"]
  }
>

/** The attributes that can be referred to, as JSON: all but those that the provider never returns. */
export type KnownAttributes<F extends Schema.Struct.Fields> = Types.Simplify<{
  readonly [Name in keyof F as F[Name] extends WriteOnly ? never : Name]: F[Name]["Encoded"]
}>
