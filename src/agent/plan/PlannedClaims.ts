/** What a command has to claim for its plan: the resources that it changes, and the names that it creates. Pure. */
import * as Predicate from "effect/Predicate"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { ClaimedResources } from "../records/Claimed.ts"
import type { Change } from "./Change.ts"

/** Without its place: two resources that only share their id wait for each other, which harms nothing. */
export const identityOf = (type: ResourceType, nativeId: NativeId): string => `${type} ${nativeId}`

/** Any text among the properties of a create may be the name that its provider knows it by. */
const namesOf = (
  type: ResourceType,
  properties: object,
  isName: (property: string) => boolean,
): ReadonlyArray<string> =>
  Object.entries(properties).flatMap(([property, value]) =>
    Predicate.isString(value) && isName(property) ? [`${type} ${property} ${value}`] : [],
  )

/** Two creates collide only by a name that they were given, and a name is never updated. */
const createdNames = ({ operation, wanted }: Change): ReadonlyArray<string> => {
  if (wanted === undefined || (operation !== "create" && operation !== "replace")) return []
  const { capabilities, resource } = wanted
  if (capabilities.idempotency !== "name") return []
  return namesOf(
    resource.type,
    resource.properties ?? {},
    (property) => ownValue(capabilities.properties, property)?.createOnly === true,
  )
}

/** The claims of a plan. */
export const claimsOfChanges = (changes: ReadonlyArray<Change>): ClaimedResources => ({
  identities: changes.flatMap(({ existing, wanted }) => [
    ...(existing === undefined ? [] : [identityOf(existing.row.type, existing.row.nativeId)]),
    ...(wanted?.nativeId === undefined ? [] : [identityOf(wanted.resource.type, wanted.nativeId)]),
  ]),
  names: changes.flatMap(createdNames),
})

/** The claims of operations that are taken up. Which of their properties are names is not known here. */
export const claimsOfEntries = (entries: ReadonlyArray<JournalEntry>): ClaimedResources => ({
  identities: entries.flatMap(({ nativeId, type }) => (nativeId === null ? [] : [identityOf(type, nativeId)])),
  names: entries.flatMap(({ desired, kind, type }) => (kind === "Create" ? namesOf(type, desired, () => true) : [])),
})
