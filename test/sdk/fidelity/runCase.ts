/** Tries one property of a type: apply, apply again, change, drift from outside, remove, destroy. */
import type { Agent } from "formae/agent"
import type { Properties } from "formae/protocol"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type CaseResult, type Finding, findingOf, nameOf } from "./CaseResult.ts"
import type { Cloud } from "./Cloud.ts"
import { isUnable, type Json, type PropertyCase, type Step, type Subject } from "./Subject.ts"
import { describeValues, expect, isEqual, makeTrial } from "./Trial.ts"

const messageOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  const text = error instanceof Error || (typeof error === "object" && error !== null && "message" in error)
  return String(text ? (error as Error).message : error).replaceAll(/\s+/g, " ")
}

/** A property of a resource without the ones that the case sets. */
const without = (properties: Properties, name: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name))

export const runCase = Effect.fnUntraced(function* <Sdk>(
  cloud: Cloud<Sdk>,
  subject: Subject<Sdk>,
  given: PropertyCase<Sdk>,
  name: string,
): Effect.fn.Return<CaseResult, never, Agent> {
  const { property } = given
  const traits = cloud.capabilitiesOf(subject.type).properties[property]
  if (traits === undefined) return yield* Effect.die(`${subject.type} has no property ${property}`)
  const required = { ...subject.required(name), ...given.beside }
  const withValue = (value: Json): Properties => ({ ...required, [property]: value })
  const trial = makeTrial(cloud, name, { type: subject.type, others: subject.others?.(name) ?? [] })
  const isReadable = given.read !== undefined || !traits.writeOnly
  const changes = given.by?.change ?? (traits.createOnly ? "replace" : "update")
  const removes = given.by?.remove ?? (traits.createOnly ? "replace" : "update")
  let wanted = given.value

  const change = Effect.fnUntraced(function* (changed: Json) {
    const before = yield* trial.observe(given)
    yield* trial.apply(withValue(changed), changes, property)
    wanted = changed
    yield* trial.isUnchanged(withValue(changed))
    const now = yield* trial.observe(given)
    yield* expect(!isReadable || !isEqual(before, now), () => `it is unchanged: ${JSON.stringify(now)}`)
  })

  const drift = Effect.fnUntraced(function* (run: Exclude<PropertyCase<Sdk>["drift"], { unable: string }>) {
    const thing = yield* trial.thing
    yield* Effect.tryPromise({ try: () => run(cloud.sdk, thing), catch: (error) => error })
    yield* trial.sees(withValue(wanted), ["update", "replace"], property)
    yield* trial.apply(withValue(wanted), "update", property)
    yield* trial.isUnchanged(withValue(wanted))
  })

  const remove = Effect.fnUntraced(function* (removed: Json | undefined) {
    const rest = without(required, property)
    if (traits.required) {
      const exit = yield* Effect.exit(trial.applyAny(rest))
      return yield* expect(Exit.isFailure(exit), () => "a required property could be removed")
    }
    const before = yield* trial.observe(given)
    if (removed === "refused") {
      const result = yield* trial.applyAny(rest)
      const { error } = yield* trial.ownOf(result)
      yield* expect(error?.code === "NotUpdatable", () => `expected a refusal: ${trial.describeResult(result)}`)
      const now = yield* trial.observe(given)
      return yield* expect(isEqual(before, now), () => describeValues(now, before))
    }
    yield* trial.apply(rest, removes, property)
    yield* trial.isUnchanged(rest)
    const now = yield* trial.observe(given)
    yield* expect(!isReadable || isEqual(now, removed), () => describeValues(now, removed))
  })

  const findings: Array<Finding> = []
  const gapsOf = (step: Step) => ({
    gap: given.gaps?.[cloud.name]?.[step] ?? subject.gaps?.[cloud.name]?.[step],
    limit: given.limits?.[step],
  })
  const run = <E, R>(step: Step, effect: Effect.Effect<void, E, R>) =>
    Effect.map(Effect.exit(effect), (exit) => {
      findings.push(findingOf(step, Exit.isSuccess(exit) ? undefined : messageOf(exit.cause), gapsOf(step)))
      return Exit.isSuccess(exit)
    })
  /** Runs a step; after a failed one, the resource is made again for the next. */
  const runFresh = Effect.fnUntraced(function* <E, R>(step: Step, effect: Effect.Effect<void, E, R>) {
    if (yield* run(step, effect)) return
    wanted = given.value
    yield* Effect.ignore(trial.destroy)
    yield* Effect.ignore(trial.applyAny(withValue(given.value)))
  })

  if (yield* run("apply", trial.apply(withValue(given.value), "create"))) {
    yield* runFresh("again", trial.applyAgain(withValue(given.value)))
    if (isUnable(given.changed)) findings.push({ step: "change", kind: "unable", text: given.changed.unable })
    else yield* runFresh("change", change(given.changed))
    if (isUnable(given.drift)) findings.push({ step: "drift", kind: "unable", text: given.drift.unable })
    else yield* runFresh("drift", drift(given.drift))
    if (isUnable(given.removed)) findings.push({ step: "remove", kind: "unable", text: given.removed.unable })
    else yield* runFresh("remove", remove(given.removed))
  }
  yield* run("destroy", trial.destroy)
  return { cloud: cloud.name, type: subject.type, property: nameOf(given), findings }
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
      const known = { gap: subject.gaps?.[cloud.name]?.[step], limit: undefined }
      findings.push(findingOf(step, Exit.isSuccess(exit) ? undefined : messageOf(exit.cause), known))
    })
  yield* run("apply", trial.apply(properties, "create"))
  yield* run("again", trial.applyAgain(properties))
  yield* run(
    "drift",
    Effect.gen(function* () {
      const thing = yield* trial.thing
      yield* Effect.tryPromise({ try: () => subject.delete(cloud.sdk, thing), catch: (error) => error })
      yield* trial.sees(properties, ["create"])
      yield* trial.apply(properties, "create")
      yield* trial.isUnchanged(properties)
    }),
  )
  yield* run("destroy", trial.destroy)
  return { cloud: cloud.name, type: subject.type, property: undefined, findings }
})
