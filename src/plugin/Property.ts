/**
 * Traits of properties, written where the property is declared:
 *
 *     CidrBlock: Property.createOnly(Schema.String),
 *     SecretString: Property.opaque(Schema.String),
 *     Arn: Property.output(Schema.String)
 *
 * The agent gets the traits in the handshake, and plans changes with them.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { PropertyTraits } from "../protocol/Resource.ts"

const traitKey = "formae/traits"

type DeclaredTraits = Partial<Omit<PropertyTraits, "required">>

const declaredTraits = (schema: Schema.Constraint): DeclaredTraits => {
  const found = Schema.resolveAnnotationsKey(schema)?.[traitKey]
  return Predicate.isObject(found) ? found : {}
}

/** Marks the type of a field that the provider sets. Only the compiler sees it. */
export interface Output {
  readonly "~formae/output": true
}

/** Marks the type of a field that cannot be changed after create. Only the compiler sees it. */
export interface CreateOnly {
  readonly "~formae/createOnly": true
}

/** Marks the type of a field that is never returned by a read. Only the compiler sees it. */
export interface WriteOnly {
  readonly "~formae/writeOnly": true
}

/** The marks of a field, which a further trait keeps. */
export type MarksOf<S> = (S extends Output ? Output : unknown) &
  (S extends CreateOnly ? CreateOnly : unknown) &
  (S extends WriteOnly ? WriteOnly : unknown)

/** A field with one more trait. */
export type Marked<S extends Schema.Top, Mark = unknown> = S["Rebuild"] & MarksOf<S> & Mark

const withTrait = <S extends Schema.Top, Mark>(schema: S, trait: DeclaredTraits) =>
  // The marks are types without values.
  schema.annotateKey({ [traitKey]: { ...declaredTraits(schema), ...trait } }) as Marked<S, Mark>

/** Cannot be changed after create: a change replaces the resource. */
export const createOnly = <S extends Schema.Top>(schema: S): Marked<S, CreateOnly> =>
  withTrait(schema, { createOnly: true })

/** Accepted by the provider, but never returned by a read. */
export const writeOnly = <S extends Schema.Top>(schema: S): Marked<S, WriteOnly> =>
  withTrait(schema, { writeOnly: true })

/** Secret: hashed in the inventory, and redacted wherever it could be printed. A secret of a target's config is kept encrypted. */
export const opaque = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { opaque: true })

/** An array whose order means nothing, such as tags. The agent compares it as a set. */
export const unordered = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { unordered: true })

/** Set by the provider: it may be referred to, but not given. */
export const output = <S extends Schema.Top>(schema: S): Marked<Schema.optionalKey<S>, Output & MarksOf<S>> =>
  withTrait(Schema.optionalKey(schema), { output: true })

const identityKey = "formae/identity"

/** For a field of a target's config that says where resources live, such as region or account, and not only how they are reached. */
export const identity = <S extends Schema.Top>(schema: S): S["Rebuild"] => schema.annotateKey({ [identityKey]: true })

/** The names of the target fields that are marked with `identity`, or of all fields if none is. */
export const identityOf = (fields: Schema.Struct.Fields): ReadonlyArray<string> => {
  const names = Object.keys(fields)
  const marked = Object.entries(fields).flatMap(([name, schema]) =>
    Schema.resolveAnnotationsKey(schema)?.[identityKey] === true ? [name] : [],
  )
  return marked.length === 0 ? names : marked
}

/** The names of the target fields that are secret: those marked with `opaque`. */
export const secretsOf = (fields: Schema.Struct.Fields): ReadonlyArray<string> =>
  Object.entries(fields).flatMap(([name, schema]) => (declaredTraits(schema).opaque === true ? [name] : []))

/** The traits of each field of a property schema. */
export const traitsOf = (fields: Schema.Struct.Fields): Record<string, PropertyTraits> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => {
      const declared = declaredTraits(schema)
      return [
        name,
        {
          required: schema.ast.context?.isOptional !== true,
          createOnly: declared.createOnly === true,
          writeOnly: declared.writeOnly === true,
          opaque: declared.opaque === true,
          output: declared.output === true,
          unordered: declared.unordered === true,
        },
      ]
    }),
  )
