/** Puts what happens in an agent that stays into its log, in the order in which it happens. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import { DriftObserver } from "../records/DriftFound.ts"
import { CurrentAsked } from "../records/Asked.ts"
import { CurrentHolder } from "../records/CurrentHolder.ts"
import { RepairObserver } from "../records/RepairEnded.ts"
import { StopRequests } from "../operations/StopRequests.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { EventLog } from "./EventLog.ts"
import type { EventToLog } from "./LoggedEvent.ts"
import { makeRecordedWrites, type Recorded } from "./recordedWrites.ts"

/** Logs the events of all commands and of the plugins. A host that serves its agent to others needs it, and holds the state. */
export class EventRecorder extends Context.Service<
  EventRecorder,
  {
    /** Logs an event after all that has happened until now. Ends at once. */
    readonly record: (event: EventToLog) => Effect.Effect<void>
    /** Ends once all that has happened until now is in the log. Fails with `StateError` where it will not be. Ends, too, once the recorder is gone. */
    readonly recorded: Effect.Effect<void, StateError>
    /**
     * Completes when nothing can be logged any more, with the reason. Who gives an
     * agent to others ends it then: what it did from now on, nobody would be told.
     */
    readonly lost: Effect.Effect<{ readonly message: string }>
  }
>()("formae/agent/events/EventRecorder") {
  /** Has what syncs find logged too, and the ends of repairs. */
  static readonly layerDrift: Layer.Layer<never, never, EventRecorder> = Layer.mergeAll(
    Layer.effect(
      DriftObserver,
      Effect.map(
        EventRecorder,
        ({ record }) =>
          (found) =>
            record({ event: { _tag: "Drift", ...found } }),
      ),
    ),
    Layer.effect(
      RepairObserver,
      Effect.map(
        EventRecorder,
        ({ record }) =>
          (ended) =>
            record({ event: { _tag: "Ended", ...ended } }),
      ),
    ),
  )

  /** Records while the layer is there. */
  static readonly layerNoDeps = Layer.effect(
    EventRecorder,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const events = yield* ChangeEvents
      const log = yield* EventLog
      const write = makeRecordedWrites(yield* OperationJournal, log)
      const queue = yield* Effect.acquireRelease(Queue.unbounded<Recorded, Cause.Done>(), Queue.end)
      let offered = 0
      let logged = 0
      const stops = yield* StopRequests
      const waiting: Array<{ readonly count: number; readonly done: Deferred.Deferred<void, StateError> }> = []
      const lost = Deferred.makeUnsafe<{ readonly message: string }>()
      let lostBy: StateError | undefined

      const record = (event: EventToLog) =>
        Effect.suspend(() => {
          if (lostBy !== undefined) return Effect.void
          offered += 1
          return Effect.flatMap(CurrentHolder, (holder) => Effect.asVoid(Queue.offer(queue, { event, holder })))
        })

      /** What is left to the next agent has not ended. */
      const isLeft = ({ event }: EventToLog): boolean =>
        event._tag === "Change" && event.event._tag === "Finished" && event.event.result.status === "canceled"

      const writeNext = Effect.gen(function* () {
        const taken = yield* Queue.takeBetween(queue, 1, maxBatch)
        const isLeaving = yield* stops.isLeaving
        const batch = taken.filter(({ event }) => !isLeaving || !isLeft(event))
        yield* write(batch)
        logged += taken.length
        for (const one of waiting.filter(({ count }) => count <= logged)) {
          waiting.splice(waiting.indexOf(one), 1)
          Deferred.doneUnsafe(one.done, Exit.void)
        }
      })

      /** Nobody waits for what does not come. */
      const lose = (error: StateError) =>
        Effect.suspend(() => {
          lostBy = error
          for (const { done } of waiting.splice(0)) Deferred.doneUnsafe(done, Exit.fail(error))
          Deferred.doneUnsafe(lost, Exit.succeed(error))
          return Effect.logError(`What happens can no longer be logged: ${error.message}`)
        })

      yield* events.addObserver(
        undefined,
        Effect.fnUntraced(function* (event) {
          const { request } = yield* CurrentAsked
          const one: EventToLog = { event: { _tag: "Change", event }, request }
          // In the fiber of the command, which may be handed over alone.
          if (isLeft(one) && (yield* stops.isLeaving)) return
          yield* record(one)
        }),
      )
      yield* Stream.runForEach(coordinator.events, (event) => record({ event: { _tag: "Plugin", event } })).pipe(
        Effect.forkScoped({ startImmediately: true }),
      )
      let hasStopped = false
      // Nobody waits for what will not be logged, and nothing of it is kept.
      const stop = Effect.suspend(() => {
        hasStopped = true
        for (const one of waiting.splice(0)) Deferred.doneUnsafe(one.done, Exit.void)
        return Queue.shutdown(queue)
      })
      yield* Effect.forkScoped(
        Effect.forever(writeNext).pipe(
          Effect.catchTag("Done", () => Effect.void),
          Effect.catch(lose),
          Effect.catchDefect((defect) => {
            Deferred.doneUnsafe(lost, Exit.succeed({ message: String(defect) }))
            return Effect.logError("Events are no longer logged", Cause.die(defect))
          }),
          Effect.ensuring(stop),
        ),
      )

      return EventRecorder.of({
        record,
        lost: Deferred.await(lost),
        recorded: Effect.suspend(() => {
          if (lostBy !== undefined) return Effect.fail(lostBy)
          if (logged >= offered || hasStopped) return Effect.void
          const done = Deferred.makeUnsafe<void, StateError>()
          waiting.push({ count: offered, done })
          return Deferred.await(done)
        }),
      })
    }),
  )
}

/** So many events are one write. */
const maxBatch = 256
