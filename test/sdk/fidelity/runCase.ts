/** Tries one property of a type: apply, apply again, change, drift from outside, remove, destroy. */
import type { Agent } from "formae/agent"
import type { Properties, PropertyTraits } from "formae/protocol"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type CaseResult, type Finding, findingOf, nameOf } from "./CaseResult.ts"
import type { Cloud } from "./Cloud.ts"
import {
  chosen,
  isUnable,
  type Json,
  type PropertyCase,
  refused,
  type Step,
  type Subject,
  type Unable,
} from "./Subject.ts"
import { describeValues, expect, isEqual, makeTrial, Mismatch } from "./Trial.ts"

const messageOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  const text = error instanceof Error || (typeof error === "object" && error !== null && "message" in error)
  return String(text ? (error as Error).message : error).replaceAll(/\s+/g, " ")
}

/** The properties of a resource, without one of them. */
const without = (properties: Properties, name: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name))

const traitsOf = <Sdk>(cloud: Cloud<Sdk>, type: string, property: string): PropertyTraits => {
  const traits = cloud.capabilitiesOf(type).properties[property]
  if (traits === undefined) throw new TypeError(`${type} has no property ${property}`)
  return traits
}

const attempt = (run: () => Promise<unknown>) =>
  Effect.asVoid(Effect.tryPromise({ try: run, catch: (error) => new Mismatch({ message: `by the SDK: ${error}` }) }))

/** The first by the plugin, the second by the service or in its name. */
const refusals: ReadonlySet<string | undefined> = new Set(["NotUpdatable", "InvalidRequest"])

/** The case of a subject, for a resource that `name` distinguishes. */
const caseOf = <Sdk>(subject: Subject<Sdk>, index: number, name: string): PropertyCase<Sdk> => {
  const given = subject.cases(name)[index]
  if (given === undefined) throw new RangeError(`${subject.type} has no case ${index}`)
  return given
}

/** The steps of a case, on a resource with a name of its own. */
const makeSteps = <Sdk>(cloud: Cloud<Sdk>, subject: Subject<Sdk>, index: number, name: string) => {
  const given = caseOf(subject, index, name)
  const { property } = given
  const { createOnly, required, writeOnly } = traitsOf(cloud, subject.type, property)
  const basis = { ...subject.required(name), ...given.beside }
  const withValue = (value: Json): Properties => ({ ...basis, [property]: value })
  const trial = makeTrial(cloud, name, { type: subject.type, others: subject.others?.(name) ?? [] })
  const isReadable = given.read !== undefined || !writeOnly
  const changes = given.by?.change ?? (createOnly ? "replace" : "update")
  const removes = given.by?.remove ?? (createOnly ? "replace" : "update")
  let wanted = given.value

  const prepare = Effect.suspend(() => attempt(() => given.prepare?.(cloud.sdk) ?? Promise.resolve()))

  const change = Effect.fnUntraced(function* (changed: Json) {
    const before = yield* trial.observe(given)
    yield* trial.apply(withValue(changed), changes, property)
    wanted = changed
    yield* trial.isUnchanged(withValue(changed))
    const now = yield* trial.observe(given)
    yield* expect(!isReadable || !isEqual(before, now), () => `it is unchanged: ${JSON.stringify(now)}`)
  })

  const drift = Effect.fnUntraced(function* (run: Exclude<PropertyCase<Sdk>["drift"], Unable>) {
    const thing = yield* trial.thing
    yield* attempt(() => run(cloud.sdk, thing))
    yield* trial.sees(withValue(wanted), ["update", "replace"], property)
    yield* trial.apply(withValue(wanted), "update", property)
    yield* trial.isUnchanged(withValue(wanted))
  })

  const remove = Effect.fnUntraced(function* (removed: Exclude<PropertyCase<Sdk>["removed"], Unable>) {
    const rest = { ...without(basis, property), ...given.besideRemoved }
    // A name that the document leaves out stays as it is.
    if (cloud.capabilitiesOf(subject.type).naming?.property === property) return yield* trial.isUnchanged(rest)
    if (required) {
      const exit = yield* Effect.exit(trial.applyAny(rest))
      return yield* expect(Exit.isFailure(exit), () => "a required property could be removed")
    }
    const before = yield* trial.observe(given)
    if (removed === refused) {
      const result = yield* trial.applyAny(rest)
      const { error } = yield* trial.ownOf(result)
      yield* expect(refusals.has(error?.code), () => `expected a refusal: ${trial.describeResult(result)}`)
      const now = yield* trial.observe(given)
      return yield* expect(isEqual(before, now), () => describeValues(now, before))
    }
    yield* trial.apply(rest, removes, property)
    yield* trial.isUnchanged(rest)
    const now = yield* trial.observe(given)
    if (removed === chosen) yield* expect(now !== undefined, () => "the service has not chosen another")
    else yield* expect(!isReadable || isEqual(now, removed), () => describeValues(now, removed))
  })

  return {
    given,
    apply: Effect.andThen(prepare, trial.apply(withValue(given.value), "create")),
    again: trial.applyAgain(withValue(given.value)),
    change,
    drift,
    remove,
    destroy: trial.destroy,
  }
}

export const runCase = Effect.fnUntraced(function* <Sdk>(
  cloud: Cloud<Sdk>,
  subject: Subject<Sdk>,
  index: number,
  name: string,
): Effect.fn.Return<CaseResult, never, Agent> {
  let steps = makeSteps(cloud, subject, index, name)
  const { given } = steps
  const findings: Array<Finding> = []
  const run = <E, R>(step: Step, effect: Effect.Effect<void, E, R>) =>
    Effect.map(Effect.exit(effect), (exit) => {
      const gap = given.gaps?.[cloud.name]?.[step] ?? subject.gaps?.[cloud.name]?.[step]
      const failure = Exit.isSuccess(exit) ? undefined : messageOf(exit.cause)
      findings.push(findingOf(step, failure, { gap, limit: given.limits?.[step] }))
      return Exit.isSuccess(exit)
    })
  /** Runs a step; after one that has failed, the next one has another resource. */
  const runFresh = Effect.fnUntraced(function* <E, R>(step: Step, effect: Effect.Effect<void, E, R>) {
    if (yield* run(step, effect)) return
    yield* Effect.ignore(steps.destroy)
    steps = makeSteps(cloud, subject, index, `${name}-${findings.length}`)
    yield* Effect.ignore(steps.apply)
  })
  const unable = (step: Step, { unable: text }: Unable) => void findings.push({ step, kind: "unable", text })

  if (yield* run("apply", steps.apply)) {
    yield* runFresh("again", steps.again)
    if (isUnable(given.changed)) unable("change", given.changed)
    else yield* runFresh("change", steps.change(steps.given.changed as Json))
    if (isUnable(given.drift)) unable("drift", given.drift)
    else yield* runFresh("drift", steps.drift(given.drift))
    if (isUnable(given.removed)) unable("remove", given.removed)
    else yield* runFresh("remove", steps.remove(given.removed))
  }
  yield* run("destroy", steps.destroy)
  return { cloud: cloud.name, version: cloud.version, type: subject.type, property: nameOf(given), findings }
})

/** Tries the resource as a whole: somebody else deletes it. */
export const runDeletedOutside = Effect.fnUntraced(function* <Sdk>(
  cloud: Cloud<Sdk>,
  subject: Subject<Sdk>,
  name: string,
): Effect.fn.Return<CaseResult, never, Agent> {
  const properties = subject.required(name)
  const trial = makeTrial(cloud, name, { type: subject.type, others: subject.others?.(name) ?? [] })
  const findings: Array<Finding> = []
  const run = <E, R>(step: Step, effect: Effect.Effect<void, E, R>) =>
    Effect.map(Effect.exit(effect), (exit) => {
      const known = {
        gap: subject.gapsAsWhole?.[cloud.name]?.[step] ?? subject.gaps?.[cloud.name]?.[step],
        limit: undefined,
      }
      findings.push(findingOf(step, Exit.isSuccess(exit) ? undefined : messageOf(exit.cause), known))
      return Exit.isSuccess(exit)
    })
  const deletedOutside = Effect.gen(function* () {
    const thing = yield* trial.thing
    yield* attempt(() => subject.delete(cloud.sdk, thing))
    yield* trial.sees(properties, ["create"])
    yield* trial.apply(properties, "create")
    yield* trial.isUnchanged(properties)
  })
  if (yield* run("apply", trial.apply(properties, "create"))) yield* run("drift", deletedOutside)
  yield* run("destroy", trial.destroy)
  return { cloud: cloud.name, version: cloud.version, type: subject.type, property: undefined, findings }
})
