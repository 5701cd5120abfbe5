/** What is secret in a resource because of what it holds now, whatever the document says of it. */
import { ownValue } from "../../protocol/ownValue.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { findReferences, isReference } from "../forma/References.ts"
import { withSecretProperties } from "../secrets/secretProperties.ts"
import { sealedNames } from "../secrets/Seals.ts"
import type { Change, ExistingResource, WantedResource } from "./Change.ts"

/** The names come from the row: a seal that fits what is wanted is opened, and its property is no less secret. */
const formerNames = (wanted: WantedResource, { row }: Pick<ExistingResource, "row">): ReadonlyArray<string> =>
  row.type === wanted.resource.type ? sealedNames(row.desired) : []

/** The capabilities with which what a resource holds now is read, compared and shown. */
export const formerCapabilities = (wanted: WantedResource, existing: Pick<ExistingResource, "row">): TypeCapabilities =>
  withSecretProperties(wanted.capabilities, formerNames(wanted, existing))

/** The resource with what was secret as secret still, but for what is changed to another value. */
export const withFormerSecrets = (
  wanted: WantedResource,
  existing: Pick<ExistingResource, "row">,
  changed: ReadonlyArray<string> = [],
): WantedResource =>
  marked(
    wanted,
    formerNames(wanted, existing).filter((name) => !changed.includes(name)),
  )

/** The same for what refers to something secret, as the changes before it leave that. */
export const withReferredSecrets = (wanted: WantedResource, changes: ReadonlyMap<string, Change>): WantedResource => {
  const isSecret = (label: string, name: string): boolean =>
    ownValue(changes.get(label)?.wanted?.capabilities.properties, name)?.opaque === true
  return marked(
    wanted,
    Object.entries(wanted.resource.properties ?? {}).flatMap(([name, value]) =>
      findReferences(value).some((one) => isReference(one) && isSecret(one.label, one.property[0] ?? "")) ? [name] : [],
    ),
  )
}

const marked = (wanted: WantedResource, names: ReadonlyArray<string>): WantedResource => {
  const capabilities = withSecretProperties(wanted.capabilities, names)
  return capabilities === wanted.capabilities ? wanted : { ...wanted, capabilities }
}
