/** Properties and target configs that the schemas of a type do not allow. */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { checkAgainst } from "../../../../agent/resources/SchemaCheck.ts"
import type { OperationId } from "../../../../protocol/Identity.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { Subject } from "../../samples/Subject.ts"
import { expectFailure } from "../../peer/expectEnd.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"

/** Values that few schemas allow in the place of another one. */
const wrongValues: ReadonlyArray<Schema.Json> = [{ formaeWrongValue: true }, 7.5, "", null]

/** The first change of `given` that `schema` does not allow. */
const firstBad = (given: Properties, schema: Properties): Properties | undefined => {
  const replaced = Object.keys(given).flatMap((name) => wrongValues.map((wrong) => ({ ...given, [name]: wrong })))
  const without = Object.keys(given).map((name) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => key !== name)),
  )
  return [...replaced, ...without, { ...given, formaeUnknownProperty: 1 }].find(
    (candidate) => checkAgainst(schema, candidate).length > 0,
  )
}

export const badInputChecks = Effect.fnUntraced(function* (
  record: Recorder,
  subject: Subject,
  calls: TypeCalls,
  callsAt: (target: Properties) => TypeCalls,
  nextOperationId: () => OperationId,
): Effect.fn.Return<void> {
  const { capabilities, target, type } = subject
  yield* record.type(
    type,
    "type.badProperties",
    Effect.gen(function* () {
      const bad = firstBad(subject.specimen().properties, capabilities.schema)
      if (bad === undefined) return yield* skip("its schema allows all that was thought of")
      yield* Effect.flatMap(calls.create(nextOperationId(), bad), (end) => expectFailure("InvalidRequest", end))
    }),
  )
  yield* record.type(
    type,
    "type.badTarget",
    Effect.gen(function* () {
      const bad = capabilities.targetSchema && firstBad(target, capabilities.targetSchema)
      if (bad === undefined) return yield* skip("it has no target schema that forbids anything")
      const { properties } = subject.specimen()
      yield* Effect.flatMap(callsAt(bad).create(nextOperationId(), properties), (end) =>
        expectFailure("InvalidRequest", end),
      )
    }),
  )
})
