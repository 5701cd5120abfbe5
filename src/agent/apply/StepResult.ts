/** What came of a step, as a value. */
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import type { OperationSuccess } from "../operations/OperationEndings.ts"
import { type ChangeOperation, isSecretProperty } from "../plan/Change.ts"
import type { StepResult } from "./StepRequest.ts"

interface Ended extends Pick<OperationSuccess, "attempts" | "crashes"> {
  readonly finished: Pick<Succeeded, "nativeId" | "properties">
}

/** Without capabilities it is not known which properties are secret, and so all of them are. */
export const resultOf = (
  operation: ChangeOperation,
  capabilities: TypeCapabilities | undefined,
  { attempts, crashes, finished: { nativeId, properties } }: Ended,
): StepResult => ({
  _tag: "Done",
  operation,
  nativeId,
  attempts,
  crashes,
  properties,
  secrets: Object.keys(properties).filter(isSecretProperty(capabilities ?? { properties: {} })),
})
