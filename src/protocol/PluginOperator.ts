/**
 * PluginOperator: runs one operation to its end, retrying and polling.
 *
 * One interface with two sides. `formae/plugin` has the layer that does the
 * work, inside the plugin process; the agent makes one for each launch, which
 * asks for it over the launch's connection. Whoever holds a PluginOperator can
 * not tell which it is.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { ListPage, ListRequest, Operation } from "./Operation.ts"
import type { OperatorError } from "./OperatorError.ts"
import type { ListFailed } from "./PluginRpcs.ts"
import type { Finished, InProgress } from "./Progress.ts"
import type { Recovery, RecoverRequest } from "./Recovery.ts"

/** Told of each progress before the end, in order. The operation does not wait for it. */
export type ProgressObserver = (progress: InProgress) => Effect.Effect<void>

export class PluginOperator extends Context.Service<
  PluginOperator,
  {
    /**
     * Runs `operation` to its end, which is returned. A provider's failure is
     * an end (`Failed`). Interrupting the caller cancels this operation and no
     * other.
     */
    readonly perform: (operation: Operation, observe: ProgressObserver) => Effect.Effect<Finished, OperatorError>
    /** What became of a create that was sent before. Changes nothing. */
    readonly recover: (request: RecoverRequest) => Effect.Effect<Recovery, OperatorError>
    /** One page of the resources of a type. */
    readonly list: (request: ListRequest) => Effect.Effect<ListPage, OperatorError | ListFailed>
  }
>()("formae/protocol/PluginOperator") {}
