/** The keywords that apply other schemas to the same value. */
import { tellAlternatives } from "./alternatives.ts"
import type { Application, Keyword, Keywords, Scope } from "./Keyword.ts"
import { isList, isObject, isText } from "./json.ts"
import { All, invalid, type Outcome, seenByValid, unknown, valid } from "./Outcome.ts"
import type { Resource, Target } from "./SchemaIndex.ts"
import { dependentRequired } from "./valueKeywords.ts"

const everyOne = ({ at, run, scope }: Application, schemas: Iterable<unknown>): Outcome => {
  const all = new All()
  for (const schema of schemas) {
    all.add(withOwnSentence(schema, run.apply(schema, at, scope), at))
    if (run.work.stoppedAt !== undefined) {
      all.add(unknown)
      break
    }
  }
  return all.outcome()
}

/** The extension: `message` in a member of `allOf` is the sentence for what the member does not allow. */
const withOwnSentence = (schema: unknown, outcome: Outcome, at: Application["at"]): Outcome =>
  outcome.verdict === "invalid" && isObject(schema) && isText(schema["message"])
    ? invalid({ at, message: schema["message"], wayOut: undefined })
    : outcome

const allOf: Keyword = (operand, application) => (isList(operand) ? everyOne(application, operand) : unknown)

/** What each schema says, up to where the work ends. */
const outcomesOf = ({ at, run, scope }: Application, schemas: ReadonlyArray<unknown>): Array<Outcome> => {
  const outcomes: Array<Outcome> = []
  for (const schema of schemas) {
    const outcome = run.apply(schema, at, scope)
    outcomes.push(outcome)
    if (run.work.stoppedAt !== undefined) return [...outcomes, unknown]
  }
  return outcomes
}

const fitsNone = ({ at }: Application, outcomes: ReadonlyArray<Outcome>): Outcome => ({
  verdict: "invalid",
  found: tellAlternatives(at, outcomes),
})

const anyOf: Keyword = (operand, application) => {
  if (!isList(operand) || operand.length === 0) return unknown
  const outcomes = outcomesOf(application, operand)
  const verdicts = new Set(outcomes.map(({ verdict }) => verdict))
  if (verdicts.has("valid")) return seenByValid(outcomes)
  return verdicts.has("unknown") ? unknown : fitsNone(application, outcomes)
}

const oneOf: Keyword = (operand, application) => {
  if (!isList(operand) || operand.length === 0) return unknown
  const outcomes = outcomesOf(application, operand)
  const verdicts = Map.groupBy(outcomes, ({ verdict }) => verdict)
  const fits = verdicts.get("valid")?.length ?? 0
  if (fits > 1) {
    return invalid({
      at: application.at,
      message: `Expected a value of one form only, but ${fits} of the forms fit`,
      wayOut: "take out what belongs to the others",
    })
  }
  if (verdicts.has("unknown")) return unknown
  return fits === 1 ? seenByValid(outcomes) : fitsNone(application, outcomes)
}

const not: Keyword = (operand, { at, run, scope }) => {
  const { verdict } = run.apply(operand, at, scope)
  if (verdict === "unknown") return { verdict, found: [] }
  return verdict === "invalid"
    ? valid
    : invalid({ at, message: "Expected another value: the schema excludes this one", wayOut: "write another one" })
}

const ifKeyword: Keyword = (operand, application) => {
  const { at, run, schema, scope } = application
  const condition = run.apply(operand, at, scope)
  const branch = (keyword: "then" | "else") =>
    Object.hasOwn(schema, keyword) ? run.apply(schema[keyword], at, scope) : valid
  if (condition.verdict !== "unknown") {
    const all = new All()
    if (condition.verdict === "valid") all.add(condition)
    all.add(branch(condition.verdict === "valid" ? "then" : "else"))
    return all.outcome()
  }
  const both = [branch("then"), branch("else")]
  if (both.every(({ verdict }) => verdict === "invalid")) return fitsNone(application, both)
  return both.every(({ verdict }) => verdict === "valid") ? { ...valid, mayHaveSeenMore: true } : unknown
}

const dependentSchemas: Keyword = (operand, application) => {
  const { value } = application.at
  if (!isObject(operand)) return unknown
  if (!isObject(value)) return valid
  const names = Object.keys(operand).filter((name) => Object.hasOwn(value, name))
  return everyOne(
    application,
    names.map((name) => operand[name]),
  )
}

/** The keyword that the two of them replaced. Schemas still have it. */
const dependencies: Keyword = (operand, application) => {
  if (!isObject(operand)) return unknown
  const kinds = Map.groupBy(Object.entries(operand), ([, value]) => isList(value))
  const all = new All()
  all.add(dependentRequired(Object.fromEntries(kinds.get(true) ?? []), application))
  all.add(dependentSchemas(Object.fromEntries(kinds.get(false) ?? []), application))
  return all.outcome()
}

const applyTarget = (target: Target | undefined, { at, run, scope }: Application): Outcome =>
  target === undefined ? unknown : run.apply(target.schema, at, scope, target.resource)

const ref: Keyword = (operand, application) =>
  isText(operand)
    ? applyTarget(application.run.index.resolve(operand, application.scope.resource), application)
    : unknown

/** Leads to the outermost resource that has such a `$dynamicAnchor`, if the nearest one has. */
const dynamicRef: Keyword = (operand, application) => {
  const { at, run, scope } = application
  const target = isText(operand) ? run.index.resolve(operand, scope.resource) : undefined
  const anchor = target?.anchor
  if (anchor === undefined || target?.resource.dynamicAnchors.get(anchor) !== target?.schema) {
    return applyTarget(target, application)
  }
  let outermost: Resource | undefined
  for (let one: Scope | undefined = scope; one !== undefined && run.work.spend(1, at); one = one.outer) {
    if (one.resource.dynamicAnchors.has(anchor)) outermost = one.resource
  }
  const resource = outermost ?? target?.resource
  return resource === undefined
    ? unknown
    : applyTarget({ schema: resource.dynamicAnchors.get(anchor), resource, anchor }, application)
}

export const inPlaceKeywords: Keywords = {
  $ref: ref,
  $dynamicRef: dynamicRef,
  allOf,
  anyOf,
  oneOf,
  not,
  if: ifKeyword,
  dependentSchemas,
  dependencies,
}
