/** What differs between a plan that was shown and the plan that is made when it is applied. */
import type * as Schema from "effect/Schema"
import { unescapeToken } from "effect/JsonPointer"
import * as Struct from "effect/Struct"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { PropertyChange } from "../plan/PropertyChange.ts"
import type { PlanDifference, PlanFact } from "./PlanOutdated.ts"

const sorted = (names: ReadonlyArray<string> = []): Schema.Json => names.toSorted()

/** What a plan says of a resource, apart from its operation and the places. Not the times, and not what was last read. */
const factsOf = (one: ResourceResult): Readonly<Record<PlanFact, Schema.Json>> => ({
  type: one.type,
  nativeId: one.nativeId,
  error: one.error === null ? null : [one.error.code, one.error.message],
  openOperation: one.openOperation === undefined ? null : one.openOperation.kind,
  changed: sorted(one.changed),
  forcedBy: sorted(one.forcedBy),
  seenOutside: sorted(one.seenOutside),
  deletedOutside: one.deletedOutside === true,
  movedFrom: one.movedFrom ?? null,
  sharedWith: one.sharedWith ?? null,
  changedCare: one.changedCare === undefined ? null : { ...one.changedCare },
})

/** That somebody else changed a value depends on when it was last read. The value itself does not. */
const placeText = (change: PropertyChange): string => canonicalJson(Struct.omit(change, ["changedOutside"]))

const placesOf = ({ changes = [] }: ResourceResult): ReadonlyMap<string, string> =>
  new Map(changes.map((change) => [change.path, placeText(change)]))

/** By label. Should a plan have a label twice, each of them counts. */
const byLabel = (resources: ReadonlyArray<ResourceResult>): ReadonlyMap<string, ResourceResult> => {
  const counts = new Map<string, number>()
  return new Map(
    resources.map((one) => {
      const count = counts.get(one.label) ?? 0
      counts.set(one.label, count + 1)
      return [`${count} ${one.label}`, one]
    }),
  )
}

const differingKeys = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) !== other.get(key))

const factTexts = (one: ResourceResult): ReadonlyMap<string, string> =>
  new Map(Object.entries(factsOf(one)).map(([fact, value]) => [fact, canonicalJson(value)]))

const isFact = (one: ResourceResult, name: string): name is PlanFact => Object.hasOwn(factsOf(one), name)

/** The names of the outputs that would change in another way than was shown. */
export const outputDifferences = (
  shown: ReadonlyArray<PropertyChange>,
  now: ReadonlyArray<PropertyChange>,
): ReadonlyArray<string> => {
  const textOf = (changes: ReadonlyArray<PropertyChange>) => new Map(changes.map((one) => [one.path, placeText(one)]))
  return differingKeys(textOf(shown), textOf(now)).map((path) => unescapeToken(path.slice(1)))
}

const differenceOf = (
  shown: ResourceResult | undefined,
  now: ResourceResult | undefined,
): PlanDifference | undefined => {
  const label = shown?.label ?? now?.label ?? ""
  if (shown === undefined || now === undefined) {
    return { label, shown: shown?.operation ?? null, now: now?.operation ?? null, places: [], facts: [] }
  }
  const places = differingKeys(placesOf(shown), placesOf(now))
  const facts = differingKeys(factTexts(shown), factTexts(now)).filter((name) => isFact(now, name))
  if (shown.operation === now.operation && places.length === 0 && facts.length === 0) return undefined
  const { error } = now
  return {
    label,
    shown: shown.operation,
    now: now.operation,
    places,
    facts,
    ...(error === null ? {} : { error: error.message }),
  }
}

/** The resources for which another thing would be done than was shown, in the order of the plan that was shown. */
export const planDifferences = (
  shown: ReadonlyArray<ResourceResult>,
  now: ReadonlyArray<ResourceResult>,
): ReadonlyArray<PlanDifference> => {
  const [before, after] = [byLabel(shown), byLabel(now)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(
    (key) => differenceOf(before.get(key), after.get(key)) ?? [],
  )
}
