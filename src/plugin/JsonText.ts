/** What a plugin gives out as text and gets back later: request ids and page tokens. As JSON, so that a later version reads it too. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describeIssue } from "../protocol/Issue.ts"
import { ProviderError } from "./Answer.ts"

export interface JsonText<A> {
  readonly write: (value: A) => Effect.Effect<string>
  /** Fails with `InvalidRequest` where the text is not one that `write` gave. */
  readonly read: (text: string) => Effect.Effect<A, ProviderError>
}

/** Texts that hold a value of `schema`; `subject` is what a failure calls them, such as `request id`. */
export const jsonText = <A>(subject: string, schema: Schema.Codec<A, unknown>): JsonText<A> => {
  const text = Schema.fromJsonString(schema)
  const encode = Schema.encodeEffect(text)
  const decode = Schema.decodeEffect(text)
  return {
    write: (value) => Effect.orDie(encode(value)),
    read: (given) =>
      Effect.mapError(decode(given), ({ issue }) =>
        ProviderError.of("InvalidRequest", `${subject}: ${describeIssue(issue)}`),
      ),
  }
}
