/** Schemas whose encoded values have ids instead of secrets. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { SecretId, SecretValues } from "./SecretValues.ts"

/** An object inside a value, and which of its fields are secret. */
export interface SecretPlace {
  /** The path from the value to the object. An object that is missing has no secrets. */
  readonly path: ReadonlyArray<string>
  readonly isSecret: (field: string) => boolean
}

const Reference = Schema.Struct({ $secret: SecretId })
const isReference = Schema.is(Reference)

/** Whether a value is what an encoded value has instead of a secret. */
export const isSecretId: (value: unknown) => boolean = isReference

type Replace = (secret: unknown) => Effect.Effect<unknown, SchemaIssue.Issue, SecretValues>

/** `value` with each secret replaced. */
const replaceSecrets = (
  value: unknown,
  { isSecret, path: [step, ...rest] }: SecretPlace,
  replace: Replace,
): Effect.Effect<unknown, SchemaIssue.Issue, SecretValues> => {
  if (!Predicate.isObject(value)) return Effect.succeed(value)
  const fields = Object.entries(value)
  const replaced = Effect.forEach(fields, ([name, field]) => {
    if (step === undefined) return isSecret(name) ? replace(field) : Effect.succeed(field)
    return name === step ? replaceSecrets(field, { isSecret, path: rest }, replace) : Effect.succeed(field)
  })
  return Effect.map(replaced, (values) => Object.fromEntries(fields.map(([name], index) => [name, values[index]])))
}

/** The issue does not contain the secret, because issues are printed. */
const issue = (message: string) => new SchemaIssue.InvalidValue({ message }, undefined, {})

const lock: Replace = Effect.fnUntraced(function* (secret) {
  const values = yield* SecretValues
  const json = yield* Effect.mapError(Schema.decodeUnknownEffect(Schema.Json)(secret), () =>
    issue("a secret that is not JSON cannot be kept"),
  )
  const id = yield* values.keep(json).pipe(
    Effect.mapError(({ message }) => issue(message)),
    // Such as a value that is nested more deeply than it can be written.
    Effect.catchDefect(() => Effect.fail(issue("a secret cannot be written as JSON"))),
  )
  return { $secret: id }
})

const open: Replace = Effect.fnUntraced(function* (reference) {
  const values = yield* SecretValues
  if (!isReference(reference)) return yield* Effect.fail(issue("expected the id of a secret: { $secret: id }"))
  return yield* Effect.mapError(values.find(reference.$secret), ({ message }) => issue(message))
})

/**
 * A schema of the same values whose encoded form has `{ $secret: id }` for each
 * secret. Encoding keeps the secrets in `SecretValues`, and decoding finds them
 * there. `places` must return the same places whether the secrets in the value
 * are replaced or not.
 */
export const withSecretIds = <A, I>(
  schema: Schema.Codec<A, I>,
  places: (value: A) => ReadonlyArray<SecretPlace>,
): Schema.Codec<A, I, SecretValues, SecretValues> => {
  const each = (replace: Replace) =>
    SchemaGetter.transformEffect<A, A, SecretValues>((value) =>
      // Only JSON is replaced by JSON, so the value keeps its type.
      Effect.reduce(
        places(value),
        () => value,
        (current, place) => Effect.map(replaceSecrets(current, place, replace), (next) => next as A),
      ),
    )
  return schema.pipe(Schema.decodeTo(Schema.toType(schema), { decode: each(open), encode: each(lock) }))
}
