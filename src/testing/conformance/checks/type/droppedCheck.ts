/** Whether an update takes away what is not wanted any more: each optional property is dropped once. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { schemaCheckFor } from "../../../../agent/forma/SchemaCheck.ts"
import type { ErrorCode } from "../../../../protocol/ErrorCode.ts"
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

const refusals: ReadonlySet<ErrorCode> = new Set(["InvalidRequest", "NotUpdatable"])

const dropped = Effect.fnUntraced(function* (test: ResourceTest, latest: Latest) {
  const { calls, subject } = test
  const { nativeId } = latest
  let { actual, wanted } = latest
  const { schema = {} } = subject.capabilities
  const checkSchema = yield* schemaCheckFor([schema])
  const gone: Array<string> = []
  const refused: Array<string> = []
  for (const name of droppable(wanted, subject.capabilities)) {
    const rest = without(wanted, name)
    if (checkSchema(schema, rest).issues.length > 0) continue
    const planned = yield* calls.compare({ desired: rest, prior: wanted, actual })
    if (planned._tag !== "Update") continue
    const end = yield* calls.update(nativeId, actual, wanted, rest)
    // It may be needed beside another one, or be impossible to take away, which only the plugin knows.
    if (end.status === "Failed" && refusals.has(end.failure.code)) {
      refused.push(name)
      continue
    }
    if (end.status === "Failed") return yield* mismatch(`Succeeded from Update without ${name}`, describeFinished(end))
    const after = yield* expectSuccess("Read", calls.read(nativeId))
    yield* expectGone(test, name, { nativeId, before: wanted, rest, after: after.properties })
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
  readonly nativeId: NativeId
  readonly before: Properties
  readonly rest: Properties
  readonly after: Properties
}

const expectGone = Effect.fnUntraced(function* (
  test: ResourceTest,
  name: string,
  { after, before, nativeId, rest }: Dropped,
): Effect.fn.Return<void, Finding> {
  const { calls } = test
  const kept = (actual: Properties, value = before[name] ?? null) =>
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
  // Or what it falls back to, where nothing can be taken away: it does not keep another value then.
  const another = [test.specimen.properties, test.specimen.updated ?? {}]
    .flatMap((properties) => ownValue(properties, name) ?? [])
    .find((one) => !Equal.equals(one, before[name]))
  if (another !== undefined) {
    const fallen = yield* dropAnother(calls, { nativeId, actual: after, rest, full: { ...rest, [name]: another } })
    if (fallen !== undefined && !(yield* kept(fallen, another))) return
  }
  return yield* mismatch(`no ${name} after an update without it`, `${name}: ${show(ownValue(after, name))}`)
})

interface Another {
  readonly nativeId: NativeId
  readonly actual: Properties
  readonly rest: Properties
  /** With another value of the property, which `rest` does not have. */
  readonly full: Properties
}

/** What there is after another value was given and dropped; undefined if it cannot be given. */
const dropAnother = (
  calls: ResourceTest["calls"],
  { actual, full, nativeId, rest }: Another,
): Effect.Effect<Properties | undefined> =>
  Effect.gen(function* () {
    yield* expectSuccess("Update", calls.update(nativeId, actual, rest, full))
    const given = yield* expectSuccess("Read", calls.read(nativeId))
    yield* expectSuccess("Update", calls.update(nativeId, given.properties, full, rest))
    return (yield* expectSuccess("Read", calls.read(nativeId))).properties
  }).pipe(Effect.orElseSucceed(() => undefined))
