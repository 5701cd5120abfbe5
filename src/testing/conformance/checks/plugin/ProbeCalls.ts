/** Calls for the checks that need a call, whichever it is. */
import type { Properties, TargetConfig } from "../../../../protocol/Resource.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { Subject } from "../../samples/Subject.ts"
import { missingId } from "../../peer/TypeCalls.ts"

export interface ProbeCalls {
  /** The payload of a Read of something that does not exist. */
  readonly read: (operationId: string) => Properties
  /** The payload of a Create that takes long; undefined if no sample has one. */
  readonly slow: ((operationId: string) => Properties) | undefined
}

/** About the first type that has a sample, or else about a type that does not exist. */
export const makeProbeCalls = (
  plugin: PluginUnderTest,
  subjects: ReadonlyArray<Subject>,
  nextUnique: () => string,
): ProbeCalls => {
  const [first] = subjects
  const lasting = subjects.find(({ slow }) => slow !== undefined)
  const about = (type: string, target: TargetConfig, operationId: string) => ({
    operationId,
    resourceType: type,
    targetConfig: target,
    label: nextUnique(),
  })
  const type = first?.type ?? `${plugin.entry.manifest.namespace}::Formae::NoSuchType`
  return {
    read: (operationId) => ({ ...about(type, first?.target ?? {}, operationId), nativeId: missingId }),
    slow:
      lasting?.slow &&
      ((operationId) => {
        const { properties, target } = lasting.slow!()
        return { ...about(lasting.type, target, operationId), properties }
      }),
  }
}
