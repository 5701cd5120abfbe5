/**
 * The keys of tags, or of metadata, under which a plugin writes the operation id
 * on what it creates, and by which it finds that again. Tag policies may ask for
 * another key than the plugin's own, so a user can choose it in the settings.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ProviderError } from "./Answer.ts"

/** The keys of one launch. */
export interface Keys {
  /** The key on what is created now. */
  readonly current: string
  /** All keys that hold an operation id: the current one first, the plugin's own, and earlier ones. None of them is the user's. */
  readonly known: ReadonlyArray<string>
}

/** What a user may say about the key. */
export interface Given {
  /** A text before the name. */
  readonly prefix?: string
  /** A name in the place of the plugin's own. */
  readonly name?: string
  /** Whole keys that were in use earlier. */
  readonly earlier?: ReadonlyArray<string>
}

const given = Schema.Struct({
  prefix: Schema.optionalKey(Schema.String),
  name: Schema.optionalKey(Schema.String),
  earlier: Schema.optionalKey(Schema.Array(Schema.String)),
})

/** The keys of a plugin whose own key is `own`. */
export const from = (own: string, { earlier = [], name = own, prefix = "" }: Given = {}): Keys => {
  const current = `${prefix}${name}`
  return { current, known: Arr.dedupe([current, own, ...earlier]) }
}

/**
 * Fails with `InvalidRequest` where a user's own names have one of the keys, of
 * which a schema knows only the plugin's own. `messageOf` says what to do.
 */
export const refuse = (
  names: Iterable<string>,
  { known }: Keys,
  messageOf: (key: string) => string,
): Effect.Effect<void, ProviderError> => {
  for (const name of names) {
    if (known.includes(name)) return Effect.fail(ProviderError.of("InvalidRequest", messageOf(name)))
  }
  return Effect.void
}

/** The field `tags` of a plugin's settings. `expected` is the message if the provider does not take one of the keys. */
export const settings = (own: string, isKey: (key: string) => boolean, expected: string) =>
  Schema.Struct({
    tags: Schema.optionalKey(
      given.check(Schema.makeFilter((tags: Given) => from(own, tags).known.every(isKey) || expected)),
    ),
  })
