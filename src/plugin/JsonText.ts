/** Values that a plugin gives out as text and gets back later, such as request ids and page tokens. They are JSON, so that a later version can read them. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describeIssue } from "../protocol/Issue.ts"
import type { ErrorCode } from "../protocol/ErrorCode.ts"
import { ProviderError } from "./Answer.ts"

/** Writes values as text, and reads them back. */
export interface JsonText<A> {
  /** The text of a value. A value that its schema does not fit is a defect. */
  readonly write: (value: A) => Effect.Effect<string>
  /** Fails with the code of the codec if the text is not one that `write` returned. */
  readonly read: (text: string) => Effect.Effect<A, ProviderError>
}

/**
 * Makes the codec of values of `schema`. `subject` is what failures call the
 * text, such as `page token`. `code` is what reading fails with, by default
 * `InvalidRequest`. For a request id, give `UnforeseenError`: it leaves open
 * what became of the work, and so the agent does not take the work for failed.
 */
export const jsonText = <A>(
  subject: string,
  schema: Schema.Codec<A, unknown>,
  code: ErrorCode = "InvalidRequest",
): JsonText<A> => {
  const text = Schema.fromJsonString(schema)
  const encode = Schema.encodeEffect(text)
  const decode = Schema.decodeEffect(text)
  return {
    write: (value) => Effect.orDie(encode(value)),
    read: (given) =>
      Effect.mapError(decode(given), ({ issue }) => ProviderError.of(code, `${subject}: ${describeIssue(issue)}`)),
  }
}
