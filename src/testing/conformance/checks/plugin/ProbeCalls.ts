/** Calls that any plugin can be asked, by the samples that there are. */
import type { Properties, TargetConfig } from "../../../../protocol/Resource.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { Subject } from "../../samples/Subject.ts"
import { missingId } from "../../peer/TypeCalls.ts"

export interface ProbeCalls {
  /** The payload of a Read of something that is not there. */
  readonly read: (operationId: string) => Properties
  /** The payload of a Create that lasts, if there is one. */
  readonly slow: ((operationId: string) => Properties) | undefined
}

/** Calls for the checks that need any: of the first type that there is a sample of, or else of none. */
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
