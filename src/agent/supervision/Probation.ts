/**
 * The operations that had no answer at a crash are sent again one at a time,
 * until the plugin has answered. A second crash then shows which of them caused
 * it, and the others are not set aside with it.
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { OperationId } from "../../protocol/Identity.ts"
import type { Operation } from "../../protocol/Operation.ts"
import type { ProgressObserver, PluginOperatorShape } from "../../protocol/PluginOperator.ts"

export interface Probation {
  /** The suspect that is being sent now and has no answer yet. */
  readonly current: () => OperationId | undefined
  readonly perform: (
    operator: PluginOperatorShape,
    operation: Operation,
    observe: ProgressObserver,
  ) => ReturnType<PluginOperatorShape["perform"]>
}

export const makeProbation = (isSuspect: (operationId: OperationId) => boolean): Probation => {
  const turn = Semaphore.makeUnsafe(1)
  let current: OperationId | undefined

  return {
    current: () => current,
    perform: (operator, operation, observe) => {
      const { operationId } = operation
      // A status call only asks about work that the provider has accepted. What was sent is the likelier cause.
      if (operation._tag === "Status" || !isSuspect(operationId)) return operator.perform(operation, observe)
      return Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          yield* restore(turn.take(1))
          current = operationId
          const answered = Effect.suspend(() => {
            if (current !== operationId) return Effect.void
            current = undefined
            return Effect.asVoid(turn.release(1))
          })
          return yield* restore(
            operator.perform(operation, (progress) => Effect.andThen(answered, observe(progress))),
          ).pipe(Effect.ensuring(answered))
        }),
      )
    },
  }
}
