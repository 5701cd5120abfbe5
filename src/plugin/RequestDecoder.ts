/** Decodes what a request carries, by the schemas that a type declares. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describeIssue } from "../protocol/Issue.ts"
import type { Properties } from "../protocol/Resource.ts"
import { compiledWhenHot } from "../transport/compiledWhenHot.ts"
import { ProviderError } from "./Answer.ts"
import type { FieldsSchema } from "./ResourceSpec.ts"

/** A decoder that fails with `InvalidRequest`, whose message begins with `subject` and names every mistake. */
export const decoder = <A>(schema: Schema.Codec<A, unknown>, subject: string) => {
  const decode = compiledWhenHot(
    () => schema,
    (codec) => Schema.decodeUnknownEffect(codec, { onExcessProperty: "error", errors: "all" }),
  )
  return (input: unknown): Effect.Effect<A, ProviderError> =>
    Effect.mapError(decode(input), ({ issue }) =>
      ProviderError.of("InvalidRequest", `${subject}: ${describeIssue(issue)}`),
    )
}

/** Decodes each field by itself, and leaves out those that are not given or not valid. */
export const partialDecoder = <P>({ fields }: FieldsSchema<P>) => {
  const decoders = Object.entries(fields).map(
    ([name, field]) =>
      [name, Schema.decodeUnknownOption(Schema.Struct({ [name]: field as Schema.Codec<unknown, unknown> }))] as const,
  )
  return (given: Properties): Partial<P> =>
    Object.assign(
      {},
      ...decoders.flatMap(([name, decode]) => {
        if (!Object.hasOwn(given, name)) return []
        const decoded = decode({ [name]: given[name] })
        return decoded._tag === "Some" ? [decoded.value] : []
      }),
    )
}
