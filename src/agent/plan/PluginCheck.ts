/** Checks a forma against its plugins, and makes of it what is wanted. */
import * as Effect from "effect/Effect"
import { namespaceKey, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { decodeForma, type Forma } from "../forma/Forma.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { inReferenceOrder } from "../forma/FormaOrder.ts"
import { plainTextRemarks } from "../forma/plainTextRemarks.ts"
import { schemaCheckFor } from "../forma/SchemaCheck.ts"
import { checkSecrets, withoutMarks } from "../forma/SecretCheck.ts"
import { checkTypes } from "../forma/TypeCheck.ts"
import { checkSizes } from "../forma/WantedSize.ts"
import { withSecretProperties } from "../secrets/secretProperties.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import type { WantedResource } from "./Change.ts"
import { makeRemarks } from "./remarks.ts"
import { makeSchemaWarnings, schemasOf } from "./schemaWarnings.ts"
import { makeTargetFacts } from "./TargetFacts.ts"

export const makePluginCheck = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const remarkOn = makeRemarks()
  const withFacts = yield* makeTargetFacts
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

  return Effect.fn("Planner.check")(function* (
    given: Forma,
  ): Effect.fn.Return<ReadonlyArray<WantedResource>, FormaInvalid | NamespaceUnknown | PluginUnavailable> {
    // A host may have built it by hand, and nothing that follows expects a mistake.
    const decoded = yield* decodeForma(given)
    const tooLarge = checkSizes(decoded)
    if (tooLarge.length > 0) return yield* new FormaInvalid({ issues: tooLarge })
    const capabilities = yield* capabilitiesOf(decoded)
    const { forma, issues: unknown } = yield* withFacts(decoded)
    if (unknown.length > 0) return yield* new FormaInvalid({ issues: unknown })
    const typesWith = (type: ResourceType) => capabilities.get(namespaceKey(namespaceOf(type)))
    const find = (type: ResourceType) => typesWith(type)?.get(type)
    const check = yield* schemaCheckFor(schemasOf(forma, find))
    const secrets = checkSecrets(forma, find)
    const plain = withoutMarks(forma)
    const findings = checkTypes(plain, find, (type) => [...(typesWith(type)?.keys() ?? [])], check)
    yield* warnOf(findings)
    yield* remarkOn(plainTextRemarks(forma))
    const issues = [...findings.issues, ...secrets.issues]
    if (issues.length > 0) return yield* new FormaInvalid({ issues })
    return inReferenceOrder(plain.resources).flatMap((resource): ReadonlyArray<WantedResource> => {
      const found = find(resource.type)
      const targetConfig: TargetConfig = ownValue(plain.targets, resource.target)?.config ?? {}
      if (found === undefined) return []
      const capabilities = withSecretProperties(found, secrets.names.get(resource.label) ?? [])
      return [{ resource, targetConfig, capabilities }]
    })
  })
})
