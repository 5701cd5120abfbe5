/** A type with properties that are secret for one resource only, because of what the document puts into them. */
import { escapeToken } from "effect/JsonPointer"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { isSealed, sealedNames, type SealedProperties } from "./Seals.ts"

/**
 * The capabilities of a type for a resource in which these properties are secret
 * too. The provider returns such a property as before, so it is still compared.
 */
export const withSecretProperties = (
  capabilities: TypeCapabilities,
  names: ReadonlyArray<string>,
): TypeCapabilities => {
  const { paths, properties } = capabilities
  const more = names.filter((name) => Object.hasOwn(properties, name) && !isSealed(properties[name]))
  if (more.length === 0) return capabilities
  return {
    ...capabilities,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, traits]) => [
        name,
        more.includes(name) ? { ...traits, opaque: true } : traits,
      ]),
    ),
    ...(paths === undefined
      ? {}
      : {
          paths: {
            ...paths,
            ...Object.fromEntries(
              more.map((name) => {
                const path = `/${escapeToken(name)}`
                return [path, { ...paths[path], writeOnly: false }]
              }),
            ),
          },
        }),
  }
}

/** The same for what is stored with these properties as seals. */
export const withSealedProperties = (capabilities: TypeCapabilities, stored: SealedProperties): TypeCapabilities =>
  withSecretProperties(capabilities, sealedNames(stored))
