/** Places that differ in the properties of a resource, as they are shown: without secrets, and with both values. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { childOf, type PathNode, pathTreeOf } from "../../protocol/PathTree.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { isSecretProperty } from "./Change.ts"
import { canonicalProperties, pointerOf, valueInside } from "./Comparison.ts"
import type { Finding } from "./Differences.ts"
import { isAbsent, isSame } from "./isSame.ts"
import { type PropertyChange, secretMark } from "./PropertyChange.ts"

type Json = Schema.Json
type Place = ReadonlyArray<string>

const isWithin = (place: Place, outer: Place): boolean =>
  place.length >= outer.length && outer.every((token, index) => place[index] === token)

export const entryOf = (
  place: Place,
  before: Json | undefined,
  after: Json | undefined,
  isSecret: boolean,
  unknownPlaces: ReadonlyArray<Place> = [],
  wasSecret: boolean = isSecret,
): PropertyChange => ({
  path: pointerOf(place),
  ...(isAbsent(before) ? {} : { before: wasSecret ? secretMark : before }),
  ...(isAbsent(after) ? {} : { after: isSecret ? secretMark : after }),
  ...(isSecret ? { secret: true } : {}),
  ...(wasSecret && !isSecret ? { secretBefore: true } : {}),
  ...(!isAbsent(after) && unknownPlaces.some((unknown) => isWithin(unknown, place)) ? { knownLater: true } : {}),
})

/** The places that differ, from the outside in: what is inside another one of them is part of it. */
const placesOf = (
  findings: ReadonlyArray<Finding>,
  isSecret: (name: string) => boolean,
): ReadonlyMap<string, { readonly place: Place; readonly findings: ReadonlyArray<Finding> }> => {
  const places = findings
    .map((finding) => ({
      finding,
      place: isSecret(finding.place[0] ?? "") ? finding.place.slice(0, 1) : finding.place,
    }))
    .toSorted((one, other) => one.place.length - other.place.length)
  const outermost = new Map<string, { readonly place: Place; readonly findings: Array<Finding> }>()
  for (const { finding, place } of places) {
    const outer = place
      .map((_, index) => outermost.get(pointerOf(place.slice(0, index + 1))))
      .find((found) => found !== undefined)
    if (outer === undefined) outermost.set(pointerOf(place), { place, findings: [finding] })
    else outer.findings.push(finding)
  }
  return outermost
}

/** What is known of a resource whose places are shown. */
interface Known {
  /** What the provider has. */
  readonly actual: Properties
  /** What it had after the last operation, without secrets. */
  readonly lastRead: Properties
  /** What was asked for last. It stands for what the provider never returns. */
  readonly prior: Properties
  /** What is wanted, as it is shown. */
  readonly shown: Properties
  /** The places in it whose values are known only later. */
  readonly unknownPlaces?: ReadonlyArray<Place>
  /** Those with which what the resource holds now is read. */
  readonly capabilities: TypeCapabilities
  /** Whether what is wanted under a name is secret. */
  readonly isSecret: (name: string) => boolean
  /** Whether the resource is replaced, or would have to be. */
  readonly isReplaced: boolean
}

/** The places of findings, those that are inside of others being part of them. */
export const shownPlaces = (
  findings: ReadonlyArray<Finding>,
  { actual, capabilities, isReplaced, isSecret, lastRead, prior, shown, unknownPlaces = [] }: Known,
): ReadonlyArray<PropertyChange> => {
  const wasSecret = isSecretProperty(capabilities)
  const canonical = {
    actual: canonicalProperties(actual, capabilities),
    lastRead: canonicalProperties(lastRead, capabilities),
  }
  return [...placesOf(findings, wasSecret).values()].map((one): PropertyChange => {
    const { place } = one
    const node = nodeAt(capabilities, place)
    const isHidden = wasSecret(place[0] ?? "")
    const isReturned = !isHidden && node?.traits.writeOnly !== true && node?.traits.maybeReturned !== true
    const present = valueInside(actual, place) ?? (isReturned ? undefined : valueInside(prior, place))
    const [before, after] = [present, valueInside(shown, place)].map((value) => unfolded(value, node))
    const isOutside =
      !isHidden && !isSame(valueInside(canonical.actual, place), valueInside(canonical.lastRead, place), node)
    return {
      ...entryOf(place, alignedTo(before, after, node), after, isSecret(place[0] ?? ""), unknownPlaces, isHidden),
      ...(isReplaced && one.findings.some(({ createOnly }) => createOnly) ? { forcesReplacement: true } : {}),
      ...(isOutside ? { changedOutside: true } : {}),
    }
  })
}

export const nodeAt = (capabilities: TypeCapabilities, place: Place): PathNode | undefined =>
  place.reduce<PathNode | undefined>((node, token) => childOf(node, token), pathTreeOf(capabilities))

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** A document that may be given as text too, so that two ways to write it are not shown as a difference. */
const unfolded = (value: Json | undefined, node: PathNode | undefined): Json | undefined =>
  typeof value === "string" && (node?.traits.json === true || node?.traits.policy === true)
    ? Option.getOrElse(parse(value), () => value)
    : value

/** The items of a set in the order in which they are wanted, so that it is seen which of them differ. */
const alignedTo = (before: Json | undefined, after: Json | undefined, node: PathNode | undefined): Json | undefined => {
  if (node?.traits.unordered !== true || !Array.isArray(before) || !Array.isArray(after)) return before
  const order = new Map(after.map((item: Json, index) => [canonicalJson(item), index] as const))
  const placeOf = (item: Json): number => order.get(canonicalJson(item)) ?? after.length
  return before.toSorted((one: Json, other: Json) => placeOf(one) - placeOf(other))
}
