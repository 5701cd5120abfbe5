/**
 * PluginOperator: runs one operation to its end, retrying and polling.
 *
 * One interface with two implementations. The one in `formae/plugin` does the
 * work, inside the plugin process. The agent makes one for each launch, which
 * asks for the work over the launch's connection. A caller cannot tell which of
 * the two it has.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { CanonicalizeRequest, CanonicalProperties } from "./Canonicalization.ts"
import type { Identification, IdentifyRequest } from "./Identification.ts"
import type { OperationId } from "./Identity.ts"
import type { ListPage, ListRequest, Operation } from "./Operation.ts"
import type { OperatorError } from "./OperatorError.ts"
import type { IdentifyFailed, ListFailed } from "./PluginRpcs.ts"
import type { Finished, InProgress } from "./Progress.ts"
import type { Recovery, RecoverRequest } from "./Recovery.ts"

/** Called with each progress before the end, in order. The next progress is taken when it is done. */
export type ProgressObserver = (progress: InProgress) => Effect.Effect<void>

/** What a PluginOperator does. */
export interface PluginOperatorShape {
  /**
   * Runs `operation` to its end and returns it. A failure of the provider is
   * an end too (`Failed`). Interrupting the caller cancels this operation and
   * no other.
   */
  readonly perform: (operation: Operation, observe: ProgressObserver) => Effect.Effect<Finished, OperatorError>
  /**
   * Makes an operation that is performed make no call again: a wait for the
   * next try ends at once, and a try that is under way is the last one. Either
   * way the operation ends as usual. Fails with `OperationNotSupported` where
   * the plugin cannot do that. Left out where the operator cannot.
   */
  readonly stopRetrying?: (operationId: OperationId) => Effect.Effect<void, OperatorError>
  /** Finds out what became of a create that was sent before. Changes nothing. */
  readonly recover: (request: RecoverRequest) => Effect.Effect<Recovery, OperatorError>
  /**
   * Says which thing a resource is or would be. Changes nothing. Fails with
   * `OperationNotSupported` where the plugin does not say, as those of before
   * 0.2.0 do not, and with `IdentifyFailed` where the provider cannot be asked.
   */
  readonly identify: (request: IdentifyRequest) => Effect.Effect<Identification, OperatorError | IdentifyFailed>
  /** Gives the canonical forms of properties, for a type that says `canonicalizes`. Asks no provider. */
  readonly canonicalize: (request: CanonicalizeRequest) => Effect.Effect<CanonicalProperties, OperatorError>
  /** Returns one page of the resources of a type. Fails with `ListFailed` if the provider refuses. */
  readonly list: (request: ListRequest) => Effect.Effect<ListPage, OperatorError | ListFailed>
}

/**
 * Runs operations on resources to their end.
 *
 * @example
 * ```ts
 * import * as Console from "effect/Console"
 * import * as Effect from "effect/Effect"
 * import { NativeId, OperationId, PluginOperator, ResourceType } from "formae/protocol"
 *
 * const readBucket = Effect.gen(function* () {
 *   const operator = yield* PluginOperator
 *   const request = {
 *     operationId: OperationId.make("read-1"),
 *     resourceType: ResourceType.make("AWS::S3::Bucket"),
 *     targetConfig: { region: "eu-west-1" },
 *     label: "pictures",
 *     nativeId: NativeId.make("pictures"),
 *   }
 *   return yield* operator.perform({ _tag: "Read", ...request }, (progress) => Console.log(progress.status))
 * })
 * ```
 */
export class PluginOperator extends Context.Service<PluginOperator, PluginOperatorShape>()(
  "formae/protocol/PluginOperator",
) {}
