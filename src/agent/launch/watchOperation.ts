/** Follows an operation that was accepted, until it has ended. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Operation } from "../../protocol/Operation.ts"
import { ProtocolError } from "../../protocol/OperatorError.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import { type Finished, type InProgress, isFinished, type Progress } from "../../protocol/Progress.ts"
import type { PluginClient } from "./PluginClient.ts"

/** How much progress that waits for its observer is passed on. From a longer row, only the last is. */
const maxWaiting = 1_024

/**
 * The end of an operation that has answered with its `first` progress, which is
 * observed before the plugin is told to continue. The first finished value
 * counts; a later value of any kind is a mistake of the plugin, which is logged.
 *
 * An operation that nobody watches would wait in the plugin forever. So one that
 * is interrupted before it is watched is watched and given up, which cancels it.
 */
export const watchOperation = (
  client: PluginClient,
  { _tag, operationId }: Operation,
  first: InProgress,
  observe: ProgressObserver,
) => {
  // Unbounded: a full buffer would stop the reader, and with it every other call of the plugin.
  const watch = client.Watch({ operationId }, { asQueue: true, streamBufferSize: Infinity })
  return Effect.uninterruptibleMask((restore) =>
    restore(observe(first)).pipe(
      Effect.onError(() => Effect.scoped(watch)),
      Effect.andThen(watch),
      Effect.flatMap((queue) => restore(endOf(_tag, Stream.fromQueue(queue), observe))),
      Effect.scoped,
    ),
  )
}

const endOf = <E>(operation: string, progress: Stream.Stream<Progress, E>, observe: ProgressObserver) =>
  Effect.suspend(() => {
    let finished: Finished | undefined
    let late = 0

    const take = (values: ReadonlyArray<Progress>): Effect.Effect<void> => {
      const waiting: Array<InProgress> = []
      for (const progress of values) {
        if (finished !== undefined) late += 1
        else if (isFinished(progress)) finished = progress
        else waiting.push(progress)
      }
      return Effect.forEach(waiting.length > maxWaiting ? waiting.slice(-1) : waiting, observe, { discard: true })
    }

    return Effect.flatMap(Stream.runForEachArray(progress, take), (): Effect.Effect<Finished, ProtocolError> => {
      if (finished === undefined) {
        return Effect.fail(new ProtocolError({ message: "The progress of the operation ended before it did" }))
      }
      return late === 0 ? Effect.succeed(finished) : Effect.as(logLate(operation, late), finished)
    })
  })

const logLate = (operation: string, values: number): Effect.Effect<void> =>
  Effect.logWarning(
    new ProtocolError({
      message: `${operation}: ${values === 1 ? "a value" : `${values} values`} came after the finished one, which counts`,
    }),
  )
