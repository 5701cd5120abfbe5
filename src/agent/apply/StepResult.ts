/** What leaves ResourceUpdater: a value, which can be sent between agents. */
import * as Schema from "effect/Schema"
import { NativeId } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { OperationSuccess } from "../operations/OperationEndings.ts"
import { ChangeOperation, isSecretProperty } from "../plan/Change.ts"
import { Crash } from "../records/JournalEntry.ts"
import { withSecretIds } from "../secrets/withSecretIds.ts"

const StepResultInClear = Schema.TaggedUnion({
  Done: {
    /** What was done. A noop where nothing had to be. */
    operation: ChangeOperation,
    /** The id that the provider gave the resource. */
    nativeId: NativeId,
    /** How often it was sent to the provider, retries included. */
    attempts: Schema.Int,
    /** The crashes of the plugin that it survived. */
    crashes: Schema.Array(Crash),
    /** What the provider has now. References to the resource are resolved from it. */
    properties: JsonObject,
    /** The names of the properties that are secret. */
    secrets: Schema.Array(Schema.String),
    /** The names of the properties that the provider sets, without those that are secret. */
    outputs: Schema.Array(Schema.String),
  },
  NothingDone: {},
})
export type StepResult = typeof StepResultInClear.Type | never

/**
 * What came of one step. Its encoded form is JSON with ids instead of secrets;
 * both directions need `SecretValues`.
 *
 * - `Done`: the step was done.
 * - `NothingDone`: the operation that was taken up has done nothing, and is given
 *   up: the plan that follows decides again.
 */
export const StepResult = withSecretIds(StepResultInClear, (result) =>
  result._tag === "Done" ? [{ path: ["properties"], isSecret: (name) => result.secrets.includes(name) }] : [],
)

interface Ended extends Pick<OperationSuccess, "attempts" | "crashes"> {
  readonly finished: Pick<Succeeded, "nativeId" | "properties">
}

/** The result of a step that was done. Without capabilities it is not known which properties are secret, so all of them count as secret. */
export const doneResult = (
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
  outputs: Object.keys(properties).filter(
    (name) =>
      capabilities !== undefined &&
      ownValue(capabilities.properties, name)?.output === true &&
      !isSecretProperty(capabilities)(name),
  ),
})
