/** Checks a forma by what its plugins say of their types. No provider is asked, and no state is read. */
import * as Effect from "effect/Effect"
import { namespaceKey, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { decodeForma, type Forma } from "../forma/Forma.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { plainTextRemarks } from "../forma/plainTextRemarks.ts"
import { schemaCheckFor } from "../forma/SchemaCheck.ts"
import { checkSecrets, withoutMarks } from "../forma/SecretCheck.ts"
import { checkTypes } from "../forma/TypeCheck.ts"
import { checkSizes } from "../forma/WantedSize.ts"
import { withoutSecrets } from "../secrets/Seals.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { makeRemarks } from "./remarks.ts"
import { makeSchemaWarnings, schemasOf } from "./schemaWarnings.ts"

/** A remark quotes what is written, and is logged: what a type says is secret must not be looked at. */
const withoutSecretValues = (
  { resources }: Forma,
  find: (type: ResourceType) => TypeCapabilities | undefined,
): Pick<Forma, "resources"> => ({
  resources: resources.map((resource) => {
    const capabilities = find(resource.type)
    const { properties = {} } = resource
    return { ...resource, properties: capabilities === undefined ? {} : withoutSecrets(properties, capabilities) }
  }),
})

/** The types of each namespace, by its key. */
type Types = ReadonlyMap<string, ReadonlyMap<ResourceType, TypeCapabilities>>

export const makeFormaExamination = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const remarkOn = makeRemarks()
  const warnOf = makeSchemaWarnings()

  /** Starts the plugins that a forma needs, in parallel, and asks for their capabilities, and for the schemas of the types in it. */
  const capabilitiesOf = Effect.fn("Planner.capabilities")(function* (forma: Forma) {
    const types = [...new Set(forma.resources.map(({ type }) => type))]
    const namespaces = new Map(types.map((type) => [namespaceKey(namespaceOf(type)), namespaceOf(type)]))
    const known = yield* Effect.forEach(
      namespaces,
      ([key, namespace]) => Effect.map(coordinator.capabilities(namespace, types), (served) => [key, served] as const),
      { concurrency: "unbounded" },
    )
    return new Map<string, ReadonlyMap<ResourceType, TypeCapabilities>>(known)
  })

  /** Decodes a forma, and asks for its types. */
  const open = Effect.fnUntraced(function* (given: Forma) {
    // A host may have built it by hand, and nothing that follows expects a mistake.
    const forma = yield* decodeForma(given)
    const tooLarge = checkSizes(forma)
    if (tooLarge.length > 0) return yield* new FormaInvalid({ issues: tooLarge })
    return { forma, types: yield* capabilitiesOf(forma) }
  })

  /** Checks an opened forma, and gives it without the marks of secrets. */
  const examine = Effect.fnUntraced(function* (forma: Forma, types: Types) {
    const typesWith = (type: ResourceType) => types.get(namespaceKey(namespaceOf(type)))
    const find = (type: ResourceType) => typesWith(type)?.get(type)
    const check = yield* schemaCheckFor(schemasOf(forma, find))
    const secrets = checkSecrets(forma, find)
    const plain = withoutMarks(forma)
    const findings = checkTypes(plain, find, (type) => [...(typesWith(type)?.keys() ?? [])], check)
    yield* warnOf(findings)
    yield* remarkOn(plainTextRemarks(withoutSecretValues(forma, find)))
    const issues = [...findings.issues, ...secrets.issues]
    if (issues.length > 0) return yield* new FormaInvalid({ issues })
    return { plain, find, secretNames: secrets.names }
  })

  return { open, examine }
})

/**
 * Checks a forma as far as that can be done without its providers and without a
 * state: its shape, its references, its types and their schemas, for which the
 * plugins are started and asked. Outputs of other documents and facts of targets
 * are taken for what fits. Fails with each mistake and its place.
 */
export const validateForma: (
  forma: Forma,
) => Effect.Effect<void, FormaInvalid | NamespaceUnknown | PluginUnavailable, PluginCoordinator> = Effect.fn(
  "validateForma",
)(function* (given) {
  const { examine, open } = yield* makeFormaExamination
  const { forma, types } = yield* open(given)
  yield* examine(forma, types)
})
