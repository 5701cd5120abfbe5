/** Whether an update takes away what is not wanted any more: each optional property is dropped once. */
import * as Effect from "effect/Effect"
import { schemaCheckFor } from "../../../../agent/forma/SchemaCheck.ts"
import type { NativeId } from "../../../../protocol/Identity.ts"
import type { Properties, TypeCapabilities } from "../../../../protocol/Resource.ts"
import { ownValue } from "../../../../protocol/ownValue.ts"
import { describeFinished, expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import { isReadable } from "./isReadable.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { withSpare } from "./withSpare.ts"

export const droppedDescriptions = {
  "type.dropped": {
    section: sections.calls,
    title: "takes away what is not wanted any more",
    remedy:
      "In Update, `desired` is complete: remove what it does not have, or set it back to what the provider takes by itself.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** What was asked for last, and what there is. */
export interface Latest {
  readonly nativeId: NativeId
  readonly wanted: Properties
  readonly actual: Properties
}

export const droppedCheck = (test: ResourceTest, latest: Latest): Effect.Effect<unknown> =>
  test.record.type(test.subject.type, "type.dropped", dropped(test, latest))

const without = (properties: Properties, name: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name))

/** What was given and may be left out, changed in place and read. */
const droppable = (wanted: Properties, { properties }: TypeCapabilities): ReadonlyArray<string> =>
  Object.keys(wanted).filter((name) => {
    const traits = ownValue(properties, name)
    return traits !== undefined && !traits.required && !traits.createOnly && !traits.output && isReadable(traits)
  })

const dropped = Effect.fnUntraced(function* (test: ResourceTest, latest: Latest) {
  const { calls, subject } = test
  const { nativeId } = latest
  let { actual, wanted } = latest
  const { schema } = subject.capabilities
  const checkSchema = yield* schemaCheckFor([schema])
  const gone: Array<string> = []
  const refused: Array<string> = []
  for (const name of droppable(wanted, subject.capabilities)) {
    const rest = without(wanted, name)
    if (checkSchema(schema, rest).issues.length > 0) continue
    const planned = yield* calls.compare({ desired: rest, prior: wanted, actual })
    if (planned._tag !== "Update") continue
    const end = yield* calls.update(nativeId, actual, wanted, rest)
    // It may be needed beside another one, which only the plugin knows.
    if (end.status === "Failed" && end.failure.code === "InvalidRequest") {
      refused.push(name)
      continue
    }
    if (end.status === "Failed") return yield* mismatch(`Succeeded from Update without ${name}`, describeFinished(end))
    const after = yield* expectSuccess("Read", calls.read(nativeId))
    yield* expectGone(test, name, { before: wanted, rest, after: after.properties })
    gone.push(name)
    wanted = rest
    actual = after.properties
  }
  if (gone.length + refused.length === 0) return yield* skip("its sample has no property that an update may drop")
  return {
    note: [`${gone.join(", ") || "none"}`, ...(refused.length > 0 ? [`refused: ${refused.join(", ")}`] : [])].join(
      "; ",
    ),
  }
})

interface Dropped {
  readonly before: Properties
  readonly rest: Properties
  readonly after: Properties
}

const expectGone = Effect.fnUntraced(function* (
  test: ResourceTest,
  name: string,
  { after, before, rest }: Dropped,
): Effect.fn.Return<void, Finding> {
  const { calls } = test
  const value = before[name] ?? null
  const kept = (actual: Properties) =>
    Effect.map(
      calls.compare({ desired: { [name]: value }, prior: { [name]: value }, actual }),
      ({ _tag }) => _tag === "Same" && Object.hasOwn(actual, name),
    )
  const left = yield* calls.compare({ desired: rest, prior: before, actual: after })
  if (left._tag === "Same" || !left.changed.includes(name) || !(yield* kept(after))) return
  // The value may be what the provider takes by itself.
  const fresh = yield* withSpare(test, (properties) =>
    Effect.gen(function* () {
      const made = yield* expectSuccess("Create", calls.create(test.nextOperationId(), without(properties, name)))
      return yield* expectSuccess("Read", calls.read(made.nativeId))
    }),
  ).pipe(Effect.orElseSucceed(() => undefined))
  if (fresh !== undefined && (yield* kept(fresh.properties))) return
  return yield* mismatch(`no ${name} after an update without it`, `${name}: ${show(ownValue(after, name))}`)
})
