/** What a plugin answers when it is asked which thing a resource is, or would be. */
import * as Effect from "effect/Effect"
import { canonicalJson } from "../../../../protocol/canonicalJson.ts"
import type { Identification } from "../../../../protocol/Identification.ts"
import type { Succeeded } from "../../../../protocol/Progress.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const identifyDescriptions = {
  "type.place": {
    section: sections.calls,
    title: "says the same place each time it is asked, whatever is known of the resource",
    remedy:
      "Answer Identify with a place that follows from the target alone, also if any of the properties are missing, and so with facts.",
  },
  "type.identity": {
    section: sections.calls,
    title: "says the native id that the create has given",
    remedy: "Answer Identify with the native id that Create would give, or leave it out if that cannot be known.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** What is said of a resource before it is created. The checks after the create report what is wrong with it. */
export const identifyBeforeCreate = ({ calls, specimen }: ResourceTest): Effect.Effect<Identification | undefined> =>
  Effect.orElseSucceed(calls.identify(specimen.properties), () => undefined)

export const identifyChecks = Effect.fnUntraced(function* (
  test: ResourceTest,
  created: Succeeded,
  before: Identification | undefined,
): Effect.fn.Return<void> {
  const { record, subject } = test
  const said = yield* Effect.cached(identifications(test))
  yield* record.type(subject.type, "type.place", Effect.flatMap(said, expectOnePlace))
  yield* record.type(
    subject.type,
    "type.identity",
    Effect.flatMap(said, (all) => expectNativeId([...(before === undefined ? [] : [before]), ...all], created)),
  )
})

/** The answers for all of the properties, for all but each one, and for none; the first twice, and with the fields of the target in another order. */
const identifications = Effect.fnUntraced(function* ({
  calls,
  specimen: { properties },
  subject: { target },
}: ResourceTest): Effect.fn.Return<ReadonlyArray<Identification>, Finding> {
  const partial = Object.keys(properties).map((left): Properties =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => name !== left)),
  )
  const asked = yield* Effect.forEach([properties, properties, ...partial, {}, undefined], (known) =>
    calls.identify(known),
  )
  const reordered = Object.fromEntries(Object.entries(target).toReversed())
  return [...asked, yield* calls.identify(properties, reordered)]
})

const expectOnePlace = (said: ReadonlyArray<Identification>): Effect.Effect<void, Finding> => {
  const places = [...new Set(said.map(({ place }) => place))]
  if (places.length !== 1) return Effect.fail(mismatch("one place", show(places)))
  const facts = [...new Set(said.map((one) => canonicalJson(one.facts ?? {})))]
  return facts.length === 1 ? Effect.void : Effect.fail(mismatch("the same facts of the target each time", show(facts)))
}

const expectNativeId = (said: ReadonlyArray<Identification>, { nativeId }: Succeeded): Effect.Effect<void, Finding> => {
  const ids = [...new Set(said.flatMap((one) => (one.nativeId === undefined ? [] : [one.nativeId])))]
  if (ids.length === 0) return Effect.fail(skip("it says no native id"))
  return ids.every((one) => one === nativeId)
    ? Effect.void
    : Effect.fail(mismatch(`the native id ${nativeId}, or none`, show(ids)))
}
