/** Checks a forma against its plugins, and makes of it what is wanted. */
import * as Effect from "effect/Effect"
import { namespaceKey, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { decodeForma, type Forma } from "../forma/Forma.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { inReferenceOrder } from "../forma/FormaOrder.ts"
import { documentsUsedBy } from "../forma/outputReferences.ts"
import { plainTextRemarks } from "../forma/plainTextRemarks.ts"
import { schemaCheckFor } from "../forma/SchemaCheck.ts"
import { checkSecrets, withoutMarks } from "../forma/SecretCheck.ts"
import { checkTypes } from "../forma/TypeCheck.ts"
import { checkSizes } from "../forma/WantedSize.ts"
import type { OutputsError } from "../records/DocumentOutputs.ts"
import { withSecretProperties } from "../secrets/secretProperties.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import type { WantedResource } from "./Change.ts"
import { makeOutputsOfOthers } from "./OutputsOfOthers.ts"
import { makeRemarks } from "./remarks.ts"
import { makeSchemaWarnings, schemasOf } from "./schemaWarnings.ts"
import { makeTargetFacts } from "./TargetFacts.ts"

/** Why a forma cannot be planned. */
export type CheckError = FormaInvalid | NamespaceUnknown | OutputsError | PluginUnavailable

/** The outputs that an apply should give. */
export interface WantedOutputs {
  /** As the document has them, with the values of other documents in place. */
  readonly values: Properties
  /** The documents whose outputs this one uses. */
  readonly uses: ReadonlyArray<string>
}

export const makePluginCheck = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const remarkOn = makeRemarks()
  const withFacts = yield* makeTargetFacts
  const withOutputs = yield* makeOutputsOfOthers
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

  /** Puts in what is known of targets and of other documents. */
  const evaluate = Effect.fnUntraced(function* (forma: Forma) {
    const others = yield* withOutputs(forma)
    if (others.issues.length > 0) return yield* new FormaInvalid({ issues: others.issues })
    const targets = yield* withFacts(others.forma)
    return targets.issues.length > 0 ? yield* new FormaInvalid({ issues: targets.issues }) : targets.forma
  })

  const outputs = Effect.fnUntraced(function* (forma: Forma): Effect.fn.Return<WantedOutputs, CheckError> {
    if (forma.outputs === undefined) return { values: {}, uses: documentsUsedBy(forma) }
    const evaluated = yield* evaluate({ ...forma, resources: [] })
    return { values: evaluated.outputs ?? {}, uses: documentsUsedBy(forma) }
  })

  const check = Effect.fn("Planner.check")(function* (
    given: Forma,
  ): Effect.fn.Return<ReadonlyArray<WantedResource>, CheckError> {
    // A host may have built it by hand, and nothing that follows expects a mistake.
    const decoded = yield* decodeForma(given)
    const tooLarge = checkSizes(decoded)
    if (tooLarge.length > 0) return yield* new FormaInvalid({ issues: tooLarge })
    const capabilities = yield* capabilitiesOf(decoded)
    const forma = yield* evaluate(decoded)
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

  return { check, outputs }
})
