/** Work that continues after its call was answered: what its request id holds, and the answers that carry one. */
import { Answer, jsonText, withNativeId, type ProviderAnswer, type ProviderError } from "formae/plugin"
import { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Readiness } from "./AwsResourceSpec.ts"
import type { Description } from "./Ownership.ts"

const PendingWork = Schema.Struct({
  operation: Schema.Literals(["create", "update", "delete"]),
  nativeId: Schema.String,
  /** In a create: the properties that remain to be configured. */
  properties: Schema.optionalKey(Properties),
})
type PendingWork = typeof PendingWork.Type

export const requestIds = jsonText("request id", PendingWork, "UnforeseenError")

export const inProgress = Effect.fnUntraced(function* (work: PendingWork) {
  return Answer.inProgress({ requestId: yield* requestIds.write(work), nativeId: work.nativeId })
})

/** The answer about a resource that exists: the operation has succeeded, is in progress, or has failed for good. */
export const answerFor = <D extends Description>(
  spec: { readonly readiness?: (description: D) => Readiness },
  operation: "create" | "update",
  description: D,
): Effect.Effect<ProviderAnswer, ProviderError> => {
  const readiness = spec.readiness?.(description) ?? "Ready"
  if (readiness === "Ready") return Effect.succeed(Answer.succeeded(description))
  const { nativeId } = description
  return readiness === "NotReady" ? inProgress({ operation, nativeId }) : Effect.fail(withNativeId(nativeId)(readiness))
}
