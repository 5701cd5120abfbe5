/** The value of an environment variable that a document names. */
import * as Result from "effect/Result"
import type { DocumentInputs } from "./DocumentInputs.ts"
import type { Placeholder } from "./Placeholder.ts"

/** The text, or its default. Fails with a sentence. */
export const variableText = (
  { variable }: Pick<DocumentInputs, "variable">,
  { fallback, name }: Placeholder & { readonly _tag: "Env" },
): Result.Result<string, string> => {
  const text = variable?.(name) ?? fallback
  return text === undefined
    ? Result.fail(
        `the environment has no variable ${name}; set it, or give it a default: { $env: ${name}, default: "..." }`,
      )
    : Result.succeed(text)
}
