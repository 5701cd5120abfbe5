/** Runs the agent in this process until it is asked to stop. What it does, it says in dated lines. */
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import {
  Agent,
  commandErrorOf,
  CommandJournal,
  CurrentAsked,
  EventLog,
  EventRecorder,
  StopRequests,
  watchDrift,
} from "../../agent/index.ts"
import { CommandRequests } from "../../control/index.ts"
import { adviceForError } from "../advice/adviceForError.ts"
import { withAdvice } from "../advice/withAdvice.ts"
import { failed, refused } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import type { ClusterFlags } from "../cluster/clusterFlags.ts"
import { reloadConfiguration, watchConfiguration } from "../config/reloading.ts"
import { formatDuration } from "../formatDuration.ts"
import { Interruption, type Staying } from "../Interruption.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { layerStaying } from "./layerStaying.ts"
import type { ListenFlags } from "./listenFlags.ts"
import { keepLogSmall } from "./logFile.ts"
import { drain, recordedMillis, stopMillis } from "./stopAgent.ts"

/**
 * Continues the commands that were cut off, or that an earlier agent has left, side by side. Those that a person has
 * canceled wait for their resume.
 */
export const continueCutOff = Effect.gen(function* () {
  const agent = yield* Agent
  const recorder = yield* EventRecorder
  const requests = yield* CommandRequests
  const stops = yield* StopRequests
  const { commands } = yield* (yield* CommandJournal).unfinished
  const cutOff = commands.filter(({ status }) => status === "running")
  yield* Effect.forEach(
    cutOff,
    ({ askedBy, command, commandId, forma, request }) =>
      Effect.gen(function* () {
        yield* Effect.logInfo(`Continuing the ${command} of ${forma} (${commandId}), which was cut off`)
        // Who has asked for it over the API finds it by its key.
        if (request !== null && (yield* requests.continueKept(request))) return
        const { status } = yield* agent.resume({ commandId, forma, whenInterrupted: "leave" })
        const isLeft = status === "canceled" && (yield* stops.isLeaving) && !(yield* stops.isCanceled(commandId))
        const ending = isLeft ? "left" : status === "planned" ? "succeeded" : status
        yield* recorder.record({ event: { _tag: "Ended", commandId, forma, ending }, request: request ?? undefined })
        yield* Effect.logInfo(`The ${command} of ${forma} (${commandId}) has ended: ${status}`)
      }).pipe(
        Effect.catch((error) => {
          const facts = commandErrorOf(error)
          const why = withAdvice(facts.message, adviceForError(facts))
          return Effect.logWarning(`The ${command} of ${forma} (${commandId}) cannot be continued: ${why}`)
        }),
        // One that is left does not take the others with it: they come to a safe point.
        Effect.exit,
        Effect.provideService(CurrentAsked, { by: askedBy ?? "unknown", request: request ?? undefined }),
      ),
    { concurrency: "unbounded", discard: true },
  )
})

/** Says of each command when it begins and how it ends. */
const tellCommands = Effect.fnUntraced(function* (after: number) {
  const log = yield* EventLog
  const told = Stream.runForEach(log.follow(after), ({ commandId, event }) => {
    if (event._tag === "Ended") return Effect.logInfo(`The command ${commandId} has ended: ${event.ending}`)
    if (event._tag !== "Change") return Effect.void
    const { _tag, forma } = event.event
    if (_tag === "Began") return Effect.logInfo(`The command ${commandId} on ${forma} has begun`)
    return _tag === "Waiting" ? Effect.logInfo(`The command ${commandId} waits for another one`) : Effect.void
  })
  yield* Effect.catch(told, ({ message }) => Effect.logWarning(`What commands do is no longer told: ${message}`))
})

/** Only where the configuration says how often. */
const lookForDrift = Effect.fnUntraced(function* (everyMillis: number | undefined) {
  if (everyMillis === undefined) return
  yield* Effect.logInfo(`Drift is looked for every ${formatDuration(everyMillis)}`)
  return yield* watchDrift({ every: everyMillis })
})

/** A runner that another one listens for is found by no socket: who has started it in the background waits for this. */
const tellStarter = (listensAt: string | undefined): void => {
  if (process.connected) process.send?.({ listensAt }, undefined, {}, () => process.disconnect?.())
}

/** Runs it until a signal asks it to stop, or `interruption.requested` completes. */
export const runAgent = (flags: AgentFlags & ClusterFlags & ListenFlags) =>
  Effect.gen(function* () {
    const interruption = yield* Interruption
    const hangups = yield* Queue.unbounded<string>()
    const staying: Staying = { hasStopped: false, onHangup: () => void Queue.offerUnsafe(hangups, "SIGHUP") }
    const { addressNow, config, isRunner, layer, listen, listenAtAddress, stateFile } = yield* layerStaying(flags)
    const running = Effect.gen(function* () {
      interruption.staying = staying
      // First, because a command that waits for the socket takes it for started then.
      const renewCertificate = yield* listenAtAddress
      const socket = yield* listen
      const last = yield* (yield* EventLog).last
      tellStarter(addressNow())
      yield* Effect.logInfo(
        isRunner
          ? `The agent (pid ${process.pid}) is a runner of the cluster on ${stateFile}${socket === undefined ? ". Another runner of this machine listens for its commands" : ` and listens at ${socket}`}; the last event is ${last}`
          : `The agent (pid ${process.pid}) holds the state ${stateFile} and listens at ${socket}; the last event is ${last}`,
      )
      // What a runner has left is in the messages of the cluster.
      const continued = isRunner ? Effect.void : continueCutOff
      yield* Effect.forkScoped(
        Effect.catch(continued, ({ message }) =>
          Effect.logWarning(`It cannot be found out what was cut off: ${message}`),
        ),
      )
      yield* Effect.forkScoped(keepLogSmall)
      const readAgain = (by: string) => Effect.andThen(reloadConfiguration(by), renewCertificate(by))
      yield* Effect.forkScoped(Effect.forever(Effect.flatMap(Queue.take(hangups), readAgain)))
      yield* Effect.forkScoped(watchConfiguration(flags, config))
      // One runner of a cluster does it for all.
      if (!isRunner) yield* Effect.forkScoped(lookForDrift(config.drift?.everyMillis))
      // Of a cluster the log has what all runners do. Each tells what it does itself.
      if (!isRunner) yield* Effect.forkScoped(tellCommands(last))
      const { lost, recorded } = yield* EventRecorder
      yield* Effect.raceFirst(interruption.requested, Effect.asVoid(lost))
      yield* Effect.logInfo("Stopping")
      yield* drain(stopMillis)
      // Where its state is not what it was, nobody must take it for one that has stopped as it was asked to.
      yield* Effect.timeoutOption(recorded, recordedMillis)
    })
    yield* running.pipe(
      Effect.scoped,
      Effect.provide(layer),
      Effect.mapError((error) => {
        if (error._tag === "StoreUnavailable") return refused(error)
        if (error._tag === "CommandFailure") return error
        return error._tag === "ServeFailed" ? badInput(error._tag, error.message) : failed(error)
      }),
    )
    yield* Effect.logInfo("Stopped")
    staying.hasStopped = true
  }).pipe(
    Effect.scoped,
    // It tells what it does, and more only to who asks for more.
    Effect.updateService(References.MinimumLogLevel, (level) => (LogLevel.isLessThan(level, "Info") ? level : "Info")),
  )
