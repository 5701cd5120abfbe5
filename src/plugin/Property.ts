/**
 * Traits of properties, written where the property is declared:
 *
 *     CidrBlock: Property.createOnly(Schema.String),
 *     SecretString: Property.opaque(Schema.String),
 *     Arn: Property.output(Schema.String)
 *
 * They may be written at any depth: on fields of structs, on items of arrays, on
 * values of records. Objects with free keys (records and free JSON) are exact
 * unless they are marked as `inexact`, and structs are not.
 *
 * The agent gets the traits in the handshake, and plans changes with them.
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Naming } from "../protocol/Naming.ts"
import type { PathTraits } from "../protocol/PathTraits.ts"

const traitKey = "formae/traits"

/** What is written at one place of a schema. */
export interface DeclaredTraits extends Omit<PathTraits, "required"> {
  /** Secret. */
  readonly opaque?: boolean
}

/** The traits that are written at a place of a schema. */
export const declaredTraits = (schema: Pick<Schema.Constraint, "ast">): DeclaredTraits => {
  const found = schema.ast.context?.annotations?.[traitKey]
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

/** Marks the type of a field that a document may leave out, because the agent can make it. Only the compiler sees it. */
export interface Named {
  readonly "~formae/named": true
}

/** The marks of a field, which a further trait keeps. */
export type MarksOf<S> = (S extends Output ? Output : unknown) &
  (S extends Named ? Named : unknown) &
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

/**
 * Secret: hashed in the inventory, and redacted wherever it could be printed. A secret of a target's config is kept encrypted.
 * A property with a secret inside is secret as a whole.
 */
export const opaque = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { opaque: true })

/** Returned by some reads only: where it is returned, it is compared, also if it is secret. */
export const maybeReturned = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { maybeReturned: true })

/**
 * Cannot be changed after create, except from some values to others:
 * `createOnlyExcept({ dedicated: ["default"] })`.
 */
export const createOnlyExcept =
  (changes: Readonly<Record<string, ReadonlyArray<Schema.Json>>>) =>
  <S extends Schema.Top>(schema: S): Marked<S, CreateOnly> =>
    withTrait(schema, { createOnly: true, updatable: changes })

/** An array whose order means nothing, and whose items are told apart by these fields. */
export const keyedBy =
  (...fields: ReadonlyArray<string>) =>
  <S extends Schema.Top>(schema: S): Marked<S> =>
    withTrait(schema, { unordered: true, keyedBy: fields })

/** An array whose order means nothing, such as tags. The agent compares it as a set. */
export const unordered = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { unordered: true })

/** Set by the provider: it may be referred to, but not given. */
export const output = <S extends Schema.Top>(schema: S): Marked<Schema.optionalKey<S>, Output & MarksOf<S>> =>
  withTrait(Schema.optionalKey(schema), { output: true })

/** An object whose keys are the user's own: a key that was added elsewhere is a difference. It holds for everything inside. */
export const exact = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { exact: true })

/** A record, or free JSON, to which the provider adds keys by itself. */
export const inexact = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { exact: false })

/** Keys that belong to the provider and are left out of comparisons, such as `aws:*`. A `*` at the end stands for any rest. */
export const reserved =
  (...keys: ReadonlyArray<string>) =>
  <S extends Schema.Top>(schema: S): Marked<S> =>
    withTrait(schema, { reserved: keys })

/** A JSON document, which may be given or returned as text. */
export const jsonDocument = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { json: true })

/**
 * A policy document in the language of AWS, which may be given or returned as
 * text. A single action is the same as a list of it, order and case of actions
 * do not matter, and the number of an account is the same as its root user.
 */
export const policyDocument = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { policy: true })

/** A list of which a single item may be given or returned without the list. */
export const singleOrList = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { list: true })

/** A number that may be given or returned as text: `"6"` is the same as `6`. */
export const numeric = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { number: true })

/** A block of addresses, whose host bits mean nothing: `10.0.0.5/16` is the same as `10.0.0.0/16`. */
export const cidr = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { cidr: true })

/** Text in which upper and lower case are the same. */
export const caseInsensitive = <S extends Schema.Top>(schema: S): Marked<S> => withTrait(schema, { ignoreCase: true })

/** Other names of values, and what they stand for: `aliases({ "6": "tcp" })`. */
export const aliases =
  (names: Readonly<Record<string, Schema.Json>>) =>
  <S extends Schema.Top>(schema: S): Marked<S> =>
    withTrait(schema, { aliases: names })

/** A set: the order of the array means nothing, and an item that occurs twice counts once. */
export const distinct = <S extends Schema.Top>(schema: S): Marked<S> =>
  withTrait(schema, { unordered: true, distinct: true })

/** An empty object, array or text is the same as no value. */
export const absentWhenEmpty = <S extends Schema.Top>(schema: S): Marked<S> =>
  withTrait(schema, { emptyIsAbsent: true })

/** What the provider takes where nothing is given, whether it returns it or not. */
export const defaultsTo =
  (value: Schema.Json) =>
  <S extends Schema.Top>(schema: S): Marked<S> =>
    withTrait(schema, { default: value })

/**
 * Values that let the provider choose, and those that it may return then:
 * `resolvedTo({ "Intelligent-Tiering": ["Standard", "Advanced"] })`.
 */
export const resolvedTo =
  (choices: Readonly<Record<string, ReadonlyArray<Schema.Json>>>) =>
  <S extends Schema.Top>(schema: S): Marked<S> =>
    withTrait(schema, { resolvedTo: choices })

const namingKey = "formae/naming"

/** How a name is made: what `Property.named` takes. */
export type NamingRule = Omit<Naming, "property">

/**
 * The name of a resource, which a document may leave out: the agent makes one by
 * this rule, once, and the plugin gets it as if the document had given it. So the
 * field is still required: `named({ letters: "lower", separator: "-", maxLength: 63 })`.
 * It cannot be changed after create. A type has at most one, which is neither secret nor an output.
 */
export const named =
  (rule: NamingRule) =>
  <S extends Schema.Top>(schema: S): Marked<S, CreateOnly & Named> =>
    createOnly(schema).annotateKey({ [namingKey]: rule }) as unknown as Marked<S, CreateOnly & Named>

/** The rules of the fields that are `named`. */
export const namingsOf = (fields: Schema.Struct.Fields): ReadonlyArray<Naming> =>
  Object.entries(fields).flatMap(([property, { ast }]): ReadonlyArray<Naming> => {
    const rule = ast.context?.annotations?.[namingKey] as NamingRule | undefined
    return rule === undefined ? [] : [{ ...rule, property }]
  })

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
