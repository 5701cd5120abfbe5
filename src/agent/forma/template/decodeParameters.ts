/** Reads and checks the parameters that a document declares. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { locateIssues } from "../../../protocol/Issue.ts"
import { isRecord } from "../../../protocol/isRecord.ts"
import { fieldIssues } from "../fieldIssues.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import { isLookedUp, type Parameter, ParameterDeclaration, parameterKey } from "./Parameter.ts"
import { readPlaceholder } from "./Placeholder.ts"
import { objectionToPattern } from "./parameterPatterns.ts"
import { objectionToValue } from "./parameterValue.ts"

const namePattern = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/
const nameRule =
  "the name of a parameter is at most 100 letters, digits, dashes and underscores, and does not begin with a digit or a dash, such as web-1"

const decode = Schema.decodeUnknownEffect(ParameterDeclaration, { onExcessProperty: "error", errors: "all" })

const checkNames = (names: ReadonlyArray<string>): ReadonlyArray<FormaIssue> =>
  names.flatMap((name, index) => {
    const path = ["parameters", name]
    if (!namePattern.test(name)) return [{ path, message: nameRule }]
    const same = names.slice(0, index).find((one) => parameterKey(one) === parameterKey(name))
    if (same === undefined) return []
    const message = `the name differs from ${same} only in capitals, or in dashes and underscores; give it another one`
    return [{ path, message }]
  })

const checkRules = (compile: CompilePattern, parameter: Parameter): ReadonlyArray<FormaIssue> => {
  const issue = (key: string, message: string) => [{ path: ["parameters", parameter.name, key], message }]
  const { allowed = [], max, min, pattern, type } = parameter
  const isMeasured = type !== "boolean" && type !== "object"
  const badPattern = pattern === undefined ? undefined : objectionToPattern(compile, pattern)
  const rules = [
    ...(pattern !== undefined && type !== "string"
      ? issue("pattern", `a value of the type ${type} has no pattern; take it out, or make the type string`)
      : []),
    ...(badPattern === undefined ? [] : issue("pattern", badPattern)),
    ...(min !== undefined && !isMeasured
      ? issue("min", `a value of the type ${type} has no least value; take min out`)
      : []),
    ...(max !== undefined && !isMeasured
      ? issue("max", `a value of the type ${type} has no greatest value; take max out`)
      : []),
    ...(min !== undefined && max !== undefined && min > max
      ? issue("max", "it is less than min; write the larger of the two here")
      : []),
  ]
  if (rules.length > 0) return rules
  const { allowed: _, ...others } = parameter
  const wrong = allowed.flatMap((value, index) => {
    const objection = objectionToValue(others, value, compile)
    return objection === undefined
      ? []
      : [{ path: ["parameters", parameter.name, "allowed", index], message: `the value ${objection}` }]
  })
  if (wrong.length > 0 || parameter.default === undefined) return wrong
  if (isLookedUp(parameter.default)) {
    const read = readPlaceholder(parameter.default)
    return read !== undefined && Result.isFailure(read) ? issue("default", read.failure) : []
  }
  if (readPlaceholder(parameter.default) !== undefined) {
    return issue(
      "default",
      "of what stands for another value, only { $env: NAME } may be a default; write the value itself",
    )
  }
  const objection = objectionToValue(parameter, parameter.default, compile)
  return objection === undefined ? [] : issue("default", `the value ${objection}`)
}

/** The parameters of a document, or each mistake in them. `declared` is what the document has under `parameters`. */
export const decodeParameters = Effect.fnUntraced(function* (
  declared: unknown,
  compile: CompilePattern,
): Effect.fn.Return<ReadonlyArray<Parameter>, ReadonlyArray<FormaIssue>> {
  if (declared === undefined) return []
  if (!isRecord(declared)) {
    const message = "expected parameters by name, such as replicas: { type: integer }"
    return yield* Effect.fail([{ path: ["parameters"], message }])
  }
  const names = Object.keys(declared)
  const decoded = yield* Effect.forEach(names, (name) =>
    Effect.map(Effect.result(decode(declared[name])), (result) => ({ name, result })),
  )
  const parameters = decoded.flatMap(({ name, result }) =>
    Result.isSuccess(result) ? [{ ...result.success, name }] : [],
  )
  const shapes = decoded.flatMap(({ name, result }) =>
    Result.isSuccess(result)
      ? []
      : fieldIssues(
          locateIssues(result.failure.issue),
          () => Object.keys(ParameterDeclaration.fields),
          declared[name],
        ).map(({ message, path }) => ({ path: ["parameters", name, ...path], message })),
  )
  const issues = [...checkNames(names), ...shapes, ...parameters.flatMap((one) => checkRules(compile, one))]
  return issues.length === 0 ? parameters : yield* Effect.fail(issues)
})
