/** The values that a document gives to the parameters of its part. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isRecord } from "../../../protocol/isRecord.ts"
import { expressionOf } from "../Expression.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { knownNames } from "../nearestName.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import type { TemplateValue } from "./fillTemplate.ts"
import type { Parameter } from "./Parameter.ts"
import { objectionToValue } from "./parameterValue.ts"
import type { Use } from "./Use.ts"

/** The values by name, and what is wrong, with the places in the user of the part. */
export interface PartParameters {
  readonly values: ReadonlyMap<string, TemplateValue>
  readonly issues: ReadonlyArray<FormaIssue>
}

const isJson = Schema.is(Schema.Json)

/** Of a value that is known later only its kind can be checked. */
const objectionTo = (parameter: Parameter, value: Schema.Json, compile: CompilePattern): string | undefined => {
  const found = isRecord(value) ? expressionOf(value) : undefined
  if (found === undefined) return objectionToValue(parameter, value, compile)
  return found._tag === "Text" && parameter.type !== "string"
    ? `is a text, and the parameter is of the type ${parameter.type}; give it a value of that type`
    : undefined
}

/** A value without the mark of a secret. */
const unmarked = (value: unknown, isSecret = false): TemplateValue =>
  isRecord(value) && Object.hasOwn(value, "$secret") && Object.keys(value).length === 1
    ? unmarked(value["$secret"], true)
    : { value, isSecret }

/** Checks the values of a use, which are evaluated already. */
export const partParameters = (
  { name: part, document }: Pick<Use, "document" | "name">,
  given: { readonly [name: string]: unknown },
  declared: ReadonlyArray<Parameter>,
  compile: CompilePattern,
): PartParameters => {
  const values = new Map<string, TemplateValue>()
  const issues: Array<FormaIssue> = []
  const names = declared.map(({ name }) => name)
  for (const [name, said] of Object.entries(given)) {
    const refuse = (message: string) => void issues.push({ path: ["use", part, "parameters", name], message })
    const parameter = declared.find((one) => one.name === name)
    if (parameter === undefined) {
      refuse(`${document} has no parameter ${name}; ${knownNames(name, "parameters", names)}`)
      continue
    }
    const { isSecret, value } = unmarked(said)
    const objection = isJson(value) ? objectionTo(parameter, value, compile) : "is not a JSON value; put it in quotes"
    if (objection === undefined) values.set(name, { value, isSecret: isSecret || parameter.secret === true })
    else refuse(`the value ${objection}`)
  }
  for (const { default: otherwise, name } of declared) {
    if (otherwise !== undefined || Object.hasOwn(given, name)) continue
    const message = `${document} needs a value for its parameter ${name}; write it here: parameters: { ${name}: ... }`
    issues.push({ path: ["use", part], message })
  }
  return { values, issues }
}

/** The values of the parameters that are not given, by their defaults. */
export const withDefaults = (
  declared: ReadonlyArray<Parameter>,
  given: ReadonlyMap<string, TemplateValue>,
  otherwise: (parameter: Parameter) => Result.Result<TemplateValue, string>,
): PartParameters => {
  const values = new Map(given)
  const issues: Array<FormaIssue> = []
  for (const parameter of declared) {
    if (values.has(parameter.name)) continue
    const found = otherwise(parameter)
    if (Result.isSuccess(found)) values.set(parameter.name, found.success)
    else issues.push({ path: ["parameters", parameter.name], message: found.failure })
  }
  return { values, issues }
}
