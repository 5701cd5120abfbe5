/** Evaluates a document: what stands for other values is replaced, and `parameters` is gone. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { FormaUnreadable } from "../FormaUnreadable.ts"
import { type LocatedText, placeIssues } from "../LocatedText.ts"
import { knownNames } from "../nearestName.ts"
import { decodeParameters } from "./decodeParameters.ts"
import type { DocumentInputs } from "./DocumentInputs.ts"
import { readsAmong } from "./documentReads.ts"
import { fillTemplate, type TemplateLookup, type TemplateValue } from "./fillTemplate.ts"
import { chooseParameters, type GivenParameter } from "./GivenParameter.ts"
import { findNeeds, type Need } from "./Needs.ts"
import type { Parameter } from "./Parameter.ts"
import { parameterOrDefault } from "./parameterOrDefault.ts"
import { patternsFor } from "./parameterPatterns.ts"
import { type FileTexts, readFiles } from "./readFiles.ts"
import { variableText } from "./variableText.ts"

/** The value of a document without what stands for other values. Fails with every mistake that was found. */
export const evaluateTemplate = Effect.fnUntraced(function* <E>(
  { locate, value }: LocatedText,
  inputs: DocumentInputs<E>,
): Effect.fn.Return<unknown, FormaUnreadable | E> {
  // Whatever else it is, the schema of a document refuses it.
  if (!isRecord(value)) return value
  const { parameters: declaredAs, ...content } = value
  const refuse = (issues: ReadonlyArray<FormaIssue>, missing: ReadonlyArray<string> = []) =>
    new FormaUnreadable({ issues: placeIssues(issues, locate), ...(missing.length === 0 ? {} : { missing }) })
  const compile = yield* patternsFor(declaredAs)
  const declared = yield* Effect.mapError(decodeParameters(declaredAs, compile), (issues) => refuse(issues))
  const { issues, needs } = findNeeds(content)
  const wrong = [...issues, ...unknownParameters(needs, declared)]
  if (wrong.length > 0) return yield* refuse(wrong)

  const reads = readsAmong(needs, declaredAs, content["targets"])
  if (reads !== undefined && inputs.permit !== undefined) yield* inputs.permit(reads)
  const given = yield* givenIn(inputs, declared)
  const chosen = chooseParameters(declared, given, locate, compile)
  if (chosen.issues.length > 0) return yield* new FormaUnreadable({ issues: chosen.issues })
  const values = new Map<string, TemplateValue>()
  const withoutValue: Array<FormaIssue> = []
  for (const parameter of declared) {
    const found = parameterOrDefault(parameter, chosen.values, inputs, compile)
    if (Result.isFailure(found)) withoutValue.push({ path: pathOf(parameter.name), message: found.failure })
    else values.set(parameter.name, found.success)
  }
  if (withoutValue.length > 0) return yield* refuse(withoutValue, missingIn(declared, chosen.values))
  if (needs.length === 0) return content

  const files = yield* readFiles(inputs, needs)
  const filled = fillTemplate(content, lookupIn(inputs, values, files))
  return filled.issues.length === 0 ? filled.value : yield* refuse(filled.issues)
})

const pathOf = (name: string) => ["parameters", name]

const unknownParameters = (
  needs: ReadonlyArray<Need>,
  declared: ReadonlyArray<Parameter>,
): ReadonlyArray<FormaIssue> => {
  const names = declared.map(({ name }) => name)
  return needs.flatMap(({ path, placeholder }) =>
    placeholder._tag !== "Param" || names.includes(placeholder.name)
      ? []
      : [
          {
            path,
            message: `the document has no parameter ${placeholder.name}; ${knownNames(placeholder.name, "parameters", names)}`,
          },
        ],
  )
}

const givenIn = Effect.fnUntraced(function* <E>(
  { given, parameters = {} }: DocumentInputs<E>,
  declared: ReadonlyArray<Parameter>,
): Effect.fn.Return<ReadonlyArray<GivenParameter>, E> {
  const plain = Object.entries(parameters).map(([name, value]) => ({ name, value }))
  return given === undefined ? plain : [...plain, ...(yield* given(declared))]
})

const hasNoDefault = (parameter: Parameter, values: ReadonlyMap<string, Schema.Json>): boolean =>
  !values.has(parameter.name) && parameter.default === undefined

const missingIn = (declared: ReadonlyArray<Parameter>, values: ReadonlyMap<string, Schema.Json>) =>
  declared.filter((one) => hasNoDefault(one, values)).map(({ name }) => name)

const lookupIn =
  (
    inputs: Pick<DocumentInputs, "variable">,
    parameters: ReadonlyMap<string, TemplateValue>,
    files: FileTexts,
  ): TemplateLookup =>
  (placeholder) => {
    switch (placeholder._tag) {
      case "Param":
        return Result.fromNullishOr(
          parameters.get(placeholder.name),
          () => `the parameter ${placeholder.name} has no value`,
        )
      case "Env":
        return Result.map(variableText(inputs, placeholder), (value) => ({ value, isSecret: placeholder.isSecret }))
      case "File": {
        const { path } = placeholder
        const text = files.get(path) ?? Result.fail(`the file ${path} was not read`)
        return Result.map(text, (value) => ({ value, isSecret: false }))
      }
    }
  }
