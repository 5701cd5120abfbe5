/** One document on an emulator: it is applied, planned and destroyed by a real agent, and its resource is looked at. */
import { Agent, type CommandResult, Forma, type ResourceResult } from "formae/agent"
import { hasCode, type ProviderError } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { Cloud } from "./Cloud.ts"
import type { Json, Part, PropertyCase, Thing } from "./Subject.ts"

/** A step has not gone as it should. */
export class Mismatch extends Data.TaggedError("Mismatch")<{ readonly message: string }> {}

export const expect = (isSo: boolean, message: () => string): Effect.Effect<void, Mismatch> =>
  isSo ? Effect.void : Effect.fail(new Mismatch({ message: message() }))

/** The label of the resource that is tried. */
const label = "it"

const shown = (value: unknown): string => JSON.stringify(value) ?? "nothing"

const describeResult = ({ resources }: CommandResult): string =>
  resources
    .map(({ changed, error, label, operation, status }) =>
      [label, operation, status, ...changed, error === null ? "" : `${error.code}: ${error.message}`].join(" ").trim(),
    )
    .join("; ")

export const makeTrial = <Sdk>(
  cloud: Cloud<Sdk>,
  name: string,
  { others, type }: { readonly type: string; readonly others: ReadonlyArray<Part> },
) => {
  const things = new Map<string, { readonly type: string; readonly nativeId: string }>()

  const formaOf = (properties: Properties) =>
    Forma.make({
      name,
      targets: { cloud: { namespace: cloud.namespace, config: cloud.config } },
      resources: [...others, { label, type, properties }].map((one) => ({ ...one, target: "cloud" })),
    })

  const ownOf = (result: CommandResult) =>
    Effect.fromNullishOr(result.resources.find((resource) => resource.label === label)).pipe(
      Effect.mapError(() => new Mismatch({ message: `the result does not have it: ${describeResult(result)}` })),
    )

  const succeeded = (result: CommandResult) =>
    expect(result.status === "succeeded" || result.status === "planned", () => describeResult(result))

  /** Applies, and returns what was done to the resource; that may have failed. */
  const applyAny = Effect.fnUntraced(function* (properties: Properties) {
    const agent = yield* Agent
    const result = yield* Effect.flatMap(formaOf(properties), (forma) => agent.apply(forma))
    for (const { label, nativeId, type } of result.resources)
      if (nativeId !== null) things.set(label, { type, nativeId })
    return result
  })

  const plan = Effect.fnUntraced(function* (properties: Properties) {
    const agent = yield* Agent
    return yield* Effect.flatMap(formaOf(properties), (forma) => agent.plan(forma))
  })

  const isAs = (own: ResourceResult, operation: string, property: string | undefined) =>
    own.operation === operation && (property === undefined || own.changed.includes(property))

  const thing = Effect.suspend((): Effect.Effect<Thing, ProviderError | Mismatch> => {
    const nativeId = things.get(label)?.nativeId
    if (nativeId === undefined) return Effect.fail(new Mismatch({ message: "it has no native id" }))
    return Effect.map(cloud.read(type, nativeId), (properties) => ({ nativeId, properties }))
  })

  return {
    applyAny,
    ownOf,
    describeResult,
    apply: Effect.fnUntraced(function* (properties: Properties, operation: string, property?: string) {
      const result = yield* applyAny(properties)
      yield* succeeded(result)
      const own = yield* ownOf(result)
      yield* expect(isAs(own, operation, property), () => `expected ${operation}: ${describeResult(result)}`)
    }),
    /** What is applied stays applied. */
    isUnchanged: Effect.fnUntraced(function* (properties: Properties) {
      const result = yield* plan(properties)
      yield* expect(
        result.resources.every(({ operation }) => operation === "noop"),
        () => `the next plan is not empty: ${describeResult(result)}`,
      )
    }),
    /** A plan sees that somebody else has changed the property. */
    sees: Effect.fnUntraced(function* (properties: Properties, operations: ReadonlyArray<string>, property?: string) {
      const result = yield* plan(properties)
      const own = yield* ownOf(result)
      yield* expect(
        operations.some((operation) => isAs(own, operation, property)),
        () => `the plan does not see the drift: ${describeResult(result)}`,
      )
    }),
    applyAgain: Effect.fnUntraced(function* (properties: Properties) {
      const result = yield* applyAny(properties)
      const isNoop = result.resources.every(({ operation }) => operation === "noop")
      yield* expect(isNoop, () => `the second apply changes something: ${describeResult(result)}`)
    }),
    thing,
    /** The property as it is at the emulator now. */
    observe: Effect.fnUntraced(function* ({ property, read }: PropertyCase<Sdk>) {
      const seen = yield* thing
      if (read !== undefined) return yield* Effect.promise(() => read(cloud.sdk, seen))
      return seen.properties[property]
    }),
    destroy: Effect.gen(function* () {
      const agent = yield* Agent
      yield* Effect.flatMap(agent.destroy(name), succeeded)
      const { resources } = yield* agent.inventory
      const rows = resources.filter(({ forma }) => forma === name)
      yield* expect(rows.length === 0, () => `the inventory has ${shown(rows.map(({ label }) => label))}`)
      yield* Effect.forEach(things.values(), ({ nativeId, type }) =>
        cloud.read(type, nativeId).pipe(
          Effect.flatMap(() => Effect.fail(new Mismatch({ message: `${nativeId} is still at the emulator` }))),
          Effect.catchIf(
            (error) => error._tag === "ProviderError" && hasCode("NotFound")(error),
            () => Effect.void,
          ),
        ),
      )
      things.clear()
    }),
  }
}

/** Without regard to the order of keys. */
export const isEqual = (left: Json | undefined, right: Json | undefined): boolean => Equal.equals(left, right)

export const describeValues = (now: Json | undefined, expected: Json | undefined): string =>
  `it is ${shown(now)}, not ${shown(expected)}`
