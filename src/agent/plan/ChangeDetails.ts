/** The properties that the changes of a plan create, change and delete, without secrets. Made when they are shown, and kept nowhere. */
import { escapeToken, unescapeToken } from "effect/JsonPointer"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { missingName } from "../forma/MadeName.ts"
import { type Lookup, resolveReferences } from "../forma/References.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { splitSeals } from "../secrets/Seals.ts"
import { type Change, type ExistingResource, isSecretProperty, type WantedResource } from "./Change.ts"
import { oldHalfOf } from "./CreateFirst.ts"
import { findingsOf, pointerOf, valueInside } from "./Comparison.ts"
import type { Finding } from "./Differences.ts"
import { isAbsent } from "./isSame.ts"
import { formerCapabilities } from "./formerSecrets.ts"
import { knownNow } from "./Plan.ts"
import { type PropertyChange, secretMark } from "./PropertyChange.ts"
import { entryOf, shownPlaces } from "./ShownPlaces.ts"

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
    if (operation === "create") {
      if (wanted === undefined) return []
      const old = change.forcedBy === undefined ? undefined : oldHalfOf(change.label, changes)?.existing?.row
      const entries = created(wanted, lookup)
      return old === undefined ? entries : withForced(entries, change, old, capabilitiesOf(old))
    }
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

/** The places that force a replacement which creates first, with what they were. */
const withForced = (
  entries: ReadonlyArray<PropertyChange>,
  { forcedBy = [] }: Change,
  { actual }: InventoryRow,
  capabilities: TypeCapabilities | undefined,
): ReadonlyArray<PropertyChange> => {
  const wasSecret = isSecretProperty(capabilities ?? { properties: {} })
  const names = new Set(forcedBy.map((path) => unescapeToken(path.split("/")[1] ?? "")))
  const forced = [...names].map((name): PropertyChange => {
    const wanted = entries.find(({ path }) => path === pointerOf([name]))
    const isSecret = wanted === undefined ? wasSecret(name) : wanted.secret === true
    return {
      ...entryOf([name], actual[name], wanted?.after, isSecret, [], wasSecret(name)),
      ...(wanted?.knownLater === true && { knownLater: true }),
      forcesReplacement: true,
    }
  })
  const byPath = new Map([...entries, ...forced].map((one) => [one.path, one]))
  return [...byPath.values()]
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

const changed = (
  { changed: names, operation }: Change,
  wanted: WantedResource,
  { actual = {}, prior, row }: ExistingResource,
  lookup: Lookup,
): ReadonlyArray<PropertyChange> => {
  const { resource } = wanted
  const capabilities = formerCapabilities(wanted, { row })
  const isSecret = isSecretProperty(wanted.capabilities)
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
  // Only the new half of a replacement gets another name: what is updated keeps the one that it has.
  const made = operation === "replace" ? missingName(wanted.capabilities, resource.properties) : []
  const findings = [...known, ...whole].filter(({ place: [name = ""] }) => !made.includes(name))
  const remade = made.map((name): PropertyChange => ({
    ...entryOf([name], actual[name], undefined, isSecret(name)),
    knownLater: true,
  }))
  const entries = shownPlaces(findings, {
    actual,
    lastRead: row.actual,
    prior,
    shown,
    unknownPlaces,
    capabilities,
    isSecret,
    isReplaced: operation === "replace",
  })
  return [...remade, ...inOrder(entries, resource.properties ?? {})]
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
