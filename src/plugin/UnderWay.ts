/** The operations of one launch that have not ended: those that are being answered, wait for their Watch, or are watched. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { OperationId } from "../protocol/Identity.ts"
import type { Operation } from "../protocol/Operation.ts"
import { type LeaseEnded, ProtocolError } from "../protocol/OperatorError.ts"
import type { OperationError } from "../protocol/PluginRpcs.ts"
import { isFinished, type Progress } from "../protocol/Progress.ts"
import { heldProgress } from "./heldAnswers.ts"
import { type LeasedDriver, leasedDriver } from "./LeasedDriver.ts"
import type { LocalOperator } from "./LocalOperator.ts"
import { inOperationSpan } from "./OperationSpan.ts"
import type { HeldLease, PluginLease } from "./PluginLease.ts"

type Acting = Exclude<Operation, { readonly _tag: "Read" }>

export interface UnderWay {
  /** Begins an operation, and answers with its first progress. */
  readonly start: (operator: LocalOperator, operation: Acting) => Effect.Effect<Progress, OperationError>
  /** All further progress. */
  readonly watch: (operationId: OperationId) => Stream.Stream<Progress, LeaseEnded | ProtocolError>
  /** An operation that has ended already has nothing to stop. */
  readonly stopRetrying: (operationId: OperationId) => Effect.Effect<void>
}

/** The progress of an operation up to its end. */
const progressOf = ({ next }: LeasedDriver): Stream.Stream<Progress, LeaseEnded> =>
  Stream.unfold(false, (ended) =>
    ended ? Effect.undefined : Effect.map(next, (progress) => [heldProgress(progress), isFinished(progress)] as const),
  )

export const makeUnderWay = (lease: PluginLease): UnderWay => {
  /** Those that have answered "in progress" and wait for their Watch. An operation runs only while it is watched. */
  const unwatched = new Map<OperationId, LeasedDriver>()
  /** All of them. Undefined while one is being prepared. */
  const underWay = new Map<OperationId, LeasedDriver | undefined>()

  const beginHeld = (
    operator: LocalOperator,
    operation: Acting,
    held: HeldLease | undefined,
  ): Effect.Effect<Progress, OperationError> => {
    const { operationId } = operation
    unwatched.delete(operationId)
    underWay.set(operationId, undefined)
    return Effect.flatMap(Effect.flatMap(operator.begin(operation), inOperationSpan(operation)), (begun) => {
      const driver = leasedDriver(begun, held)
      underWay.set(operationId, driver)
      return Effect.map(driver.next, (progress) => {
        if (!isFinished(progress)) unwatched.set(operationId, driver)
        return heldProgress(progress)
      })
    }).pipe(Effect.onExit(() => Effect.sync(() => unwatched.has(operationId) || underWay.delete(operationId))))
  }
  const begin = (operator: LocalOperator, operation: Acting): Effect.Effect<Progress, OperationError> => {
    const held = lease.hold(operation.leaseTerm)
    return held === undefined
      ? beginHeld(operator, operation, undefined)
      : Effect.flatMap(held, (one) => beginHeld(operator, operation, one))
  }

  return {
    start: (operator, operation) => {
      const { operationId } = operation
      const driver = unwatched.get(operationId)
      if (driver !== undefined) {
        // Sent again before it was watched: the answer is the same as the first time, unless nothing more can come of that.
        return driver.isOver() ? begin(operator, operation) : driver.progress
      }
      return underWay.has(operationId)
        ? Effect.fail(new ProtocolError({ message: `The operation ${operationId} is under way already` }))
        : begin(operator, operation)
    },
    watch: (operationId) =>
      Stream.suspend((): Stream.Stream<Progress, LeaseEnded | ProtocolError> => {
        const driver = unwatched.get(operationId)
        if (driver === undefined) {
          return Stream.fail(new ProtocolError({ message: `There is no operation ${operationId} to watch` }))
        }
        unwatched.delete(operationId)
        return progressOf(driver).pipe(Stream.ensuring(Effect.sync(() => underWay.delete(operationId))))
      }),
    stopRetrying: (operationId) => Effect.suspend(() => underWay.get(operationId)?.stopRetrying ?? Effect.void),
  }
}
