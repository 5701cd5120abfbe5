/** Checks a forma against its plugins, and makes of it what is wanted. */
import * as Effect from "effect/Effect"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { DefaultDriftPolicy } from "../forma/DefaultDriftPolicy.ts"
import type { Forma } from "../forma/Forma.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { inReferenceOrder } from "../forma/FormaOrder.ts"
import { documentsUsedBy } from "../forma/outputReferences.ts"
import type { OutputsError } from "../records/DocumentOutputs.ts"
import { withSecretProperties } from "../secrets/secretProperties.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import type { WantedResource } from "./Change.ts"
import { makeFormaExamination } from "./FormaExamination.ts"
import { makeOutputsOfOthers } from "./OutputsOfOthers.ts"
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
  const { examine, open } = yield* makeFormaExamination
  const usual = yield* DefaultDriftPolicy
  const withFacts = yield* makeTargetFacts
  const withOutputs = yield* makeOutputsOfOthers

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
    const { forma, types } = yield* open(given)
    const { find, plain, secretNames } = yield* examine(yield* evaluate(forma), types)
    return inReferenceOrder(plain.resources).flatMap((resource): ReadonlyArray<WantedResource> => {
      const found = find(resource.type)
      const target = ownValue(plain.targets, resource.target)
      const targetConfig: TargetConfig = target?.config ?? {}
      if (found === undefined) return []
      const capabilities = withSecretProperties(found, secretNames.get(resource.label) ?? [])
      const drift = resource.drift ?? target?.drift ?? (usual === "report" ? undefined : usual)
      return [{ resource: drift === undefined ? resource : { ...resource, drift }, targetConfig, capabilities }]
    })
  })

  return { check, outputs }
})
