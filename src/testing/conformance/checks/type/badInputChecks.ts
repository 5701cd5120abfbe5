/** Properties and target configs that the schemas of a type do not allow. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { schemaCheckFor } from "../../../../agent/forma/SchemaCheck.ts"
import type { Properties, TargetConfig } from "../../../../protocol/Resource.ts"
import { expectFailure } from "../../peer/expectEnd.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { skip } from "../../report/Finding.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const badInputDescriptions = {
  "type.badProperties": {
    section: sections.handshake,
    title: "refuses properties that do not fit its schema",
    remedy: "Check the properties in the plugin, and answer Failed with InvalidRequest.",
  },
  "type.badTarget": {
    section: sections.handshake,
    title: "refuses a target config that does not fit its schema",
    remedy: "Check the target config in the plugin, and answer Failed with InvalidRequest.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** `callsAt` makes the same calls with another target config. */
export const badInputChecks = Effect.fnUntraced(function* (
  test: ResourceTest,
  callsAt: (target: TargetConfig) => TypeCalls,
): Effect.fn.Return<void> {
  const { record, subject } = test
  yield* record.type(subject.type, "type.badProperties", badProperties(test))
  yield* record.type(subject.type, "type.badTarget", badTarget(test, callsAt))
})

const badProperties = Effect.fnUntraced(function* ({ calls, nextOperationId, subject }: ResourceTest) {
  const bad = yield* firstBad(subject.specimen().properties, subject.capabilities.schema ?? {})
  if (bad === undefined) return yield* skip("its schema allows everything that the kit tries")
  yield* expectFailure("InvalidRequest", calls.create(nextOperationId(), bad))
})

const badTarget = Effect.fnUntraced(function* (
  { nextOperationId, subject: { capabilities, specimen, target } }: ResourceTest,
  callsAt: (target: TargetConfig) => TypeCalls,
) {
  const bad = capabilities.targetSchema && (yield* firstBad(target, capabilities.targetSchema))
  if (bad === undefined) return yield* skip("it has no target schema that forbids anything")
  yield* expectFailure("InvalidRequest", callsAt(bad).create(nextOperationId(), specimen().properties))
})

/** Few schemas allow all of these in place of another value. */
const wrongValues: ReadonlyArray<Schema.Json> = [{ formaeWrongValue: true }, 7.5, "", null]

/** The first change of `given` that `schema` does not allow. */
const firstBad = Effect.fnUntraced(function* (given: Properties, schema: Properties) {
  const check = yield* schemaCheckFor([schema])
  const replaced = Object.keys(given).flatMap((name) => wrongValues.map((wrong) => ({ ...given, [name]: wrong })))
  const without = Object.keys(given).map((name) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => key !== name)),
  )
  return [...replaced, ...without, { ...given, formaeUnknownProperty: 1 }].find(
    (candidate) => check(schema, candidate).issues.length > 0,
  )
})
