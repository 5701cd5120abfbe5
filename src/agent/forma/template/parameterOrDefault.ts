/** The value that a parameter has in the end. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import type { DocumentInputs } from "./DocumentInputs.ts"
import type { TemplateValue } from "./fillTemplate.ts"
import { isLookedUp, type Parameter } from "./Parameter.ts"
import { objectionToValue, readValue } from "./parameterValue.ts"
import { readPlaceholder } from "./Placeholder.ts"
import { variableText } from "./variableText.ts"

type Variables = Pick<DocumentInputs, "variable">

/** The value that is given, or the default. Fails with a sentence. */
export const parameterOrDefault = (
  parameter: Parameter,
  given: ReadonlyMap<string, Schema.Json>,
  inputs: Variables,
  compile: CompilePattern,
): Result.Result<TemplateValue, string> => {
  const { default: otherwise, name, secret: isSecret = false } = parameter
  const value = given.get(name) ?? otherwise
  if (value === undefined) return Result.fail(`the parameter ${name} has no value`)
  return given.has(name) || !isLookedUp(value)
    ? Result.succeed({ value, isSecret })
    : lookUp(parameter, value, inputs, compile)
}

const lookUp = (
  parameter: Parameter,
  value: Schema.Json,
  inputs: Variables,
  compile: CompilePattern,
): Result.Result<TemplateValue, string> => {
  const read = readPlaceholder(value) ?? Result.fail("it is not { $env: NAME }")
  return Result.flatMap(read, (placeholder) => {
    if (placeholder._tag !== "Env") return Result.fail("it is not { $env: NAME }")
    const say = (objection: string) => `the value from the variable ${placeholder.name} ${objection}`
    return Result.flatMap(variableText(inputs, placeholder), (text) =>
      Result.flatMap(Result.mapError(readValue(parameter, text), say), (found) => {
        const objection = objectionToValue(parameter, found, compile)
        const isSecret = parameter.secret === true || placeholder.isSecret
        return objection === undefined ? Result.succeed({ value: found, isSecret }) : Result.fail(say(objection))
      }),
    )
  })
}
