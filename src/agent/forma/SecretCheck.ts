/** Which properties of a forma are secret because of what is put into them, and where that is not possible. */
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { hasPlain, hasSecret, plainValue } from "./Expression.ts"
import type { FormaDocument, FormaIssue, FormaResource } from "./FormaDocument.ts"
import { inReferenceOrder } from "./FormaOrder.ts"
import { findReferences, isReference } from "./References.ts"

type Find = (type: FormaResource["type"]) => TypeCapabilities | undefined

/** What is secret in a forma. */
export interface SecretFindings {
  readonly issues: ReadonlyArray<FormaIssue>
  /** By label: the properties that are secret in this resource, whatever its type says. */
  readonly names: ReadonlyMap<string, ReadonlyArray<string>>
}

/** Finds the properties that are said to be secret, or that refer to what is secret. There must be no circle. */
export const checkSecrets = (forma: FormaDocument, find: Find): SecretFindings => {
  const { resources } = forma
  const typeOf = new Map(resources.map(({ label, type }) => [label, type]))
  const names = new Map<string, ReadonlyArray<string>>()
  const isSecret = (label: string, property: string): boolean => {
    const type = typeOf.get(label)
    const traits = type && ownValue(find(type)?.properties ?? {}, property)
    return traits?.opaque === true || names.get(label)?.includes(property) === true
  }
  for (const { label, properties = {} } of inReferenceOrder(resources)) {
    const secret = Object.entries(properties).flatMap(([name, value]) =>
      hasSecret(value) ||
      findReferences(value).some((one) => isReference(one) && isSecret(one.label, one.property[0] ?? ""))
        ? [name]
        : [],
    )
    if (secret.length > 0) names.set(label, secret)
  }
  const inNames = resources.flatMap(({ label, type }, index) =>
    (names.get(label) ?? []).flatMap((name) => {
      const capabilities = find(type)
      if (capabilities === undefined || !isPartOfName(capabilities, name)) return []
      return [{ path: ["resources", index, "properties", name], message: secretName(name) }]
    }),
  )
  return { issues: [...inNames, ...checkTargets(forma, find)], names }
}

/**
 * Native ids are shown, stored in clear, and logged. Those of a type with names
 * follow from what cannot be changed, and others may have the name in them.
 */
const isPartOfName = ({ idempotency, properties }: TypeCapabilities, name: string): boolean => {
  const traits = ownValue(properties, name)
  return (idempotency === "name" || /name$/i.test(name)) && traits?.createOnly === true && !traits.opaque
}

const secretName = (name: string): string =>
  `${name} is a part of the name that the provider knows the resource by, which is stored and shown; a secret cannot be put into it, so use a value that is not secret`

/** Only a field that the plugin declares as secret is kept encrypted. */
const checkTargets = ({ resources, targets }: FormaDocument, find: Find): ReadonlyArray<FormaIssue> =>
  Object.entries(targets).flatMap(([name, { config = {} }]) => {
    const secrets = new Set(
      resources.flatMap(({ target, type }) => (target === name ? (find(type)?.targetSecrets ?? []) : [])),
    )
    return Object.entries(config).flatMap(([field, value]): ReadonlyArray<FormaIssue> => {
      const path = ["targets", name, "config", field]
      return hasSecret(value) && !secrets.has(field)
        ? [
            {
              path,
              message: `${field} of a target is stored and shown, so it cannot be secret; use a value that is not secret`,
            },
          ]
        : []
    })
  })

/** The forma with its secrets, and texts that have no values in them, as plain values. */
export const withoutMarks = <Document extends FormaDocument>(forma: Document): Document => ({
  ...forma,
  targets: Object.fromEntries(
    Object.entries(forma.targets).map(([name, target]) => [
      name,
      target.config === undefined ? target : { ...target, config: plainObject(target.config) },
    ]),
  ),
  resources: forma.resources.map((resource) =>
    resource.properties === undefined ? resource : { ...resource, properties: plainObject(resource.properties) },
  ),
})

/** The fields of an object as plain values, as far as nothing has to be known for that. */
export const plainObject = (
  fields: NonNullable<FormaResource["properties"]>,
): NonNullable<FormaResource["properties"]> =>
  Object.values(fields).some(hasPlain)
    ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]))
    : fields
