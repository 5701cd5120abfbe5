/** The properties that the changes of a plan create, change and delete, without secrets. Made when they are shown, and kept nowhere. */
import { escapeToken } from "effect/JsonPointer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { childOf, type PathNode, pathTreeOf } from "../../protocol/PathTree.ts"
import { missingName } from "../forma/MadeName.ts"
import { type Lookup, resolveReferences } from "../forma/References.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { splitSeals } from "../secrets/Seals.ts"
import { type Change, type ExistingResource, isSecretProperty, type WantedResource } from "./Change.ts"
import { canonicalProperties, findingsOf, pointerOf, valueInside } from "./Comparison.ts"
import type { Finding } from "./Differences.ts"
import { isAbsent, isSame } from "./isSame.ts"
import { formerCapabilities } from "./formerSecrets.ts"
import { knownNow } from "./Plan.ts"
import { type PropertyChange, secretMark } from "./PropertyChange.ts"

type Json = Schema.Json
type Place = ReadonlyArray<string>

/** What is known of the types of resources that are deleted. Undefined where it is not: then every property may be secret. */
export type CapabilitiesOf = (row: InventoryRow) => TypeCapabilities | undefined

/** Gives the details of each change of a plan. What references stand for follows from the other changes. */
export const changeDetails = (
  changes: ReadonlyArray<Change>,
  capabilitiesOf: CapabilitiesOf,
): ((change: Change) => ReadonlyArray<PropertyChange>) => {
  const lookup = knownNow(new Map(changes.map((change) => [change.label, change])))
  return (change) => {
    const { blocked, existing, operation, wanted } = change
    if (blocked !== undefined) return []
    if (operation === "create") return wanted === undefined ? [] : created(wanted, lookup)
    if (operation === "delete") return existing === undefined ? [] : deleted(existing.row, capabilitiesOf(existing.row))
    if (wanted === undefined || existing === undefined) return []
    if (operation !== "update" && operation !== "replace") return []
    if (existing.row.type === wanted.resource.type) return changed(change, wanted, existing, lookup)
    return [...deleted(existing.row, capabilitiesOf(existing.row)), ...created(wanted, lookup)]
  }
}

/** What is wanted, with references replaced where their values are known, and where they are not. */
const shownOf = ({ resource: { properties = {} } }: WantedResource, lookup: Lookup) => {
  const { properties: shown, unknownPlaces } = resolveReferences(properties, lookup, (place) =>
    valueInside(properties, place),
  )
  return { shown, unknownPlaces }
}

const isWithin = (place: Place, outer: Place): boolean =>
  place.length >= outer.length && outer.every((token, index) => place[index] === token)

const entryOf = (
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

const created = (wanted: WantedResource, lookup: Lookup): ReadonlyArray<PropertyChange> => {
  const isSecret = isSecretProperty(wanted.capabilities)
  const { shown, unknownPlaces } = shownOf(wanted, lookup)
  const made = missingName(wanted.capabilities, wanted.resource.properties)
  return [
    ...made.map((name): PropertyChange => ({ path: pointerOf([name]), knownLater: true })),
    ...Object.entries(shown).flatMap(([name, value]) =>
      isAbsent(value) ? [] : [entryOf([name], undefined, value, isSecret(name), unknownPlaces)],
    ),
  ]
}

/** What is lost: what the inventory has read last, and the secrets that it has only sealed. */
const deleted = (
  { actual, desired }: InventoryRow,
  capabilities: TypeCapabilities | undefined,
): ReadonlyArray<PropertyChange> => {
  const isSecret = isSecretProperty(capabilities ?? { properties: {} })
  const sealed = Object.keys(splitSeals(desired).seals).filter((name) => !Object.hasOwn(actual, name))
  return [
    ...Object.entries(actual).flatMap(([name, value]) =>
      isAbsent(value) ? [] : [entryOf([name], value, undefined, isSecret(name))],
    ),
    ...sealed.map((name) => entryOf([name], secretMark, undefined, true)),
  ]
}

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

const changed = (
  { changed: names, operation }: Change,
  wanted: WantedResource,
  { actual = {}, prior, row }: ExistingResource,
  lookup: Lookup,
): ReadonlyArray<PropertyChange> => {
  const { resource } = wanted
  const capabilities = formerCapabilities(wanted, { row })
  const isSecret = isSecretProperty(wanted.capabilities)
  const wasSecret = isSecretProperty(capabilities)
  const resolution = resolveReferences(resource.properties ?? {}, lookup, (place) => valueInside(prior, place))
  const { shown, unknownPlaces } = shownOf(wanted, lookup)
  const input = {
    desired: resolution.properties,
    unknown: resolution.unknownPlaces,
    prior,
    actual,
    exactBefore: row.exactPaths ?? [],
  }
  const all = findingsOf(input, capabilities).findings
  // The forms that the plugin gives are not known here: what the plan says has changed is true.
  const known = capabilities.canonicalizes === true ? all.filter(({ place: [name = ""] }) => names.includes(name)) : all
  const missing = names.filter(
    (name) =>
      (Object.hasOwn(shown, name) || Object.hasOwn(actual, name)) && !known.some(({ place }) => place[0] === name),
  )
  const whole = missing.map((name): Finding => ({ path: `/${escapeToken(name)}`, place: [name], createOnly: false }))
  const canonical = {
    actual: canonicalProperties(actual, capabilities),
    lastRead: canonicalProperties(row.actual, capabilities),
  }
  const entries = [...placesOf([...known, ...whole], wasSecret).values()].map(({ findings, place }): PropertyChange => {
    const node = nodeAt(capabilities, place)
    const isHidden = wasSecret(place[0] ?? "")
    const isReturned = !isHidden && node?.traits.writeOnly !== true && node?.traits.maybeReturned !== true
    const present = valueInside(actual, place) ?? (isReturned ? undefined : valueInside(prior, place))
    const [before, after] = [present, valueInside(shown, place)].map((value) => unfolded(value, node))
    const isOutside =
      !isHidden && !isSame(valueInside(canonical.actual, place), valueInside(canonical.lastRead, place), node)
    return {
      ...entryOf(place, alignedTo(before, after, node), after, isSecret(place[0] ?? ""), unknownPlaces, isHidden),
      ...(operation === "replace" && findings.some(({ createOnly }) => createOnly) ? { forcesReplacement: true } : {}),
      ...(isOutside ? { changedOutside: true } : {}),
    }
  })
  return inOrder(entries, resource.properties ?? {})
}

const nodeAt = (capabilities: TypeCapabilities, place: Place): PathNode | undefined =>
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

/** In the order of the document, and then what it does not have. */
const inOrder = (entries: ReadonlyArray<PropertyChange>, properties: Properties): ReadonlyArray<PropertyChange> => {
  const order = Object.keys(properties).map((name) => `/${escapeToken(name)}`)
  const placeOf = ({ path }: PropertyChange): number => {
    const index = order.indexOf(`/${path.split("/")[1] ?? ""}`)
    return index === -1 ? order.length : index
  }
  return entries.toSorted((one, other) => placeOf(one) - placeOf(other))
}
