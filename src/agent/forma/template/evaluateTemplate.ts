/** Evaluates a document: what stands for other values is replaced, its parts are in it, and `parameters` and `use` are gone. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { FormaUnreadable } from "../FormaUnreadable.ts"
import { type LocatedText, type PlacedIssue, placeIssues } from "../LocatedText.ts"
import { decodeParameters } from "./decodeParameters.ts"
import type { DocumentInputs } from "./DocumentInputs.ts"
import { readsIn } from "./documentReads.ts"
import { Evaluation } from "./evaluateDocument.ts"
import { chooseParameters, type GivenParameter } from "./GivenParameter.ts"
import { joinParts } from "./joinParts.ts"
import { allDocuments, type LoadedDocument } from "./LoadedDocument.ts"
import { loadDocument } from "./loadParts.ts"
import type { Parameter } from "./Parameter.ts"
import { parameterOrDefault } from "./parameterOrDefault.ts"
import { objectionToTyped } from "./parameterValue.ts"
import { patternsFor } from "./parameterPatterns.ts"
import { withDefaults } from "./partParameters.ts"
import { readFiles } from "./readFiles.ts"
import { unknownParameters } from "./unknownParameters.ts"

const refuse = (issues: ReadonlyArray<PlacedIssue>, missing: ReadonlyArray<string> = []) =>
  new FormaUnreadable({ issues, ...(missing.length === 0 ? {} : { missing }) })

/** A document without what stands for other values. Fails with every mistake that was found. */
export const evaluateTemplate = Effect.fnUntraced(function* <E>(
  source: LocatedText,
  inputs: DocumentInputs<E>,
): Effect.fn.Return<LocatedText, FormaUnreadable | E> {
  // Whatever else it is, the schema of a document refuses it.
  if (!isRecord(source.value)) return source
  const { locate } = source
  const placed = (issues: ReadonlyArray<FormaIssue>) => placeIssues(issues, locate)
  const { parameters: declaredAs } = source.value
  const compile = yield* patternsFor(declaredAs)
  const declared = yield* Effect.mapError(decodeParameters(declaredAs, compile), (issues) => refuse(placed(issues)))
  const loaded = yield* loadDocument(source, inputs)
  const wrong = Result.match(loaded, {
    onFailure: (issues) => issues,
    onSuccess: ({ needs }) => placed(unknownParameters(needs, declared)),
  })
  if (Result.isFailure(loaded) || wrong.length > 0) return yield* refuse(wrong)
  const document = loaded.success

  const given = yield* givenIn(inputs, declared)
  const chosen = chooseParameters(declared, given, locate, compile)
  if (chosen.issues.length > 0) return yield* refuse(chosen.issues)
  const reads = readsIn(document)
  if (reads !== undefined && inputs.permit !== undefined) yield* inputs.permit(reads)
  const missing = missingIn(declared, chosen.values)
  const others = declared.filter((one) => !missing.includes(one))
  const known = withDefaults(others, new Map(), (parameter) =>
    parameterOrDefault(parameter, chosen.values, inputs, compile),
  )
  const asked = known.issues.length > 0 ? [] : yield* askedIn(inputs, missing, compile)
  const answers = chooseParameters(missing, asked, locate, compile)
  if (answers.issues.length > 0) return yield* refuse(answers.issues)
  const unanswered = missingIn(missing, answers.values).map(({ name }) => name)
  const { issues, values } = withDefaults(declared, known.values, (parameter) =>
    parameterOrDefault(parameter, answers.values, inputs, compile),
  )
  if (issues.length > 0) return yield* refuse(placed(issues), unanswered)
  return yield* evaluateAll(document, values, inputs)
})

const evaluateAll = Effect.fnUntraced(function* <E>(
  document: LoadedDocument,
  values: Parameters<Evaluation["evaluate"]>[1],
  inputs: DocumentInputs<E>,
): Effect.fn.Return<LocatedText, FormaUnreadable | E> {
  const files = yield* readFiles(inputs, allDocuments(document))
  const evaluation = new Evaluation(inputs, files)
  yield* evaluation.evaluate(document, values)
  const { documents, issues } = evaluation
  const [whole, ...parts] = documents
  if (issues.length > 0 || whole === undefined) return yield* refuse(issues)
  if (parts.length === 0) return { value: whole.content, locate: document.locate }
  const joined = joinParts([whole, ...parts])
  return joined.issues.length === 0 ? joined.document : yield* refuse(joined.issues)
})

const givenIn = Effect.fnUntraced(function* <E>(
  { given, parameters = {} }: DocumentInputs<E>,
  declared: ReadonlyArray<Parameter>,
): Effect.fn.Return<ReadonlyArray<GivenParameter>, E> {
  const plain = Object.entries(parameters).map(([name, value]) => ({ name, value }))
  return given === undefined ? plain : [...plain, ...(yield* given(declared))]
})

const askedIn = <E>(
  { ask }: DocumentInputs<E>,
  missing: ReadonlyArray<Parameter>,
  compile: CompilePattern,
): Effect.Effect<ReadonlyArray<GivenParameter>, E> =>
  ask === undefined || missing.length === 0
    ? Effect.succeed([])
    : ask(missing.map((one) => ({ ...one, objectionTo: (text) => objectionToTyped(one, text, compile) })))

const missingIn = (declared: ReadonlyArray<Parameter>, values: ReadonlyMap<string, Schema.Json>) =>
  declared.filter((one) => one.default === undefined && !values.has(one.name))
