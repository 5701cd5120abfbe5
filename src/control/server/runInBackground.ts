/** Runs a command of the API in the background, and keeps what becomes of it. */
import * as Clock from "effect/Clock"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Struct from "effect/Struct"
import type { ChangeEvent } from "../../agent/apply/ChangeEvent.ts"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import type { CommandResult } from "../../agent/commands/CommandResult.ts"
import type { ConfirmRequest } from "../../agent/commands/Confirmation.ts"
import { EventRecorder } from "../../agent/events/EventRecorder.ts"
import type { CommandEnding } from "../../agent/events/LoggedEvent.ts"
import { StopRequests } from "../../agent/operations/StopRequests.ts"
import { CurrentAsked } from "../../agent/records/Asked.ts"
import { type ApiRecord } from "../api/ApiCommand.ts"
import { schemaVersion } from "../api/version.ts"
import { type AgentError, failureOfError } from "../mapping/errors.ts"
import { questionToApi, resultToApi } from "../mapping/models.ts"
import { endingOf, hasLostState, isFenced, isLeftToNext } from "./commandEnding.ts"
import { EventFeed } from "./EventFeed.ts"
import { RequestKeys } from "./RequestKeys.ts"
import { EndHolding, FirstRevision, type LiveCommand } from "./LiveCommand.ts"

/** How long a question waits for its answer. Then it counts as no. */
const answerMillis = 10 * 60 * 1000

/** What a command does, once it may begin. */
export type Start = (options: CommandOptions) => Effect.Effect<CommandResult, AgentError>

/** Runs a command in the background, and writes into its record what becomes of it. */
export const makeRun = Effect.fnUntraced(function* (known: Map<string, LiveCommand>) {
  const feed = yield* EventFeed
  const keys = yield* RequestKeys
  const scope = yield* Effect.scope

  /** Asks who has asked for the command. Nobody who answers within ten minutes counts as no. */
  const confirm = (live: LiveCommand) => {
    let number = 0
    return (request: ConfirmRequest) =>
      Effect.gen(function* () {
        // An answer is to this question, and never to one that a runner asked before.
        number = Math.max(number, (yield* FirstRevision) - 1) + 1
        const answer = Deferred.makeUnsafe<boolean>()
        live.answer = answer
        const question = questionToApi(request, number)
        live.change((record) => ({ ...record, status: "asking", question }))
        return yield* Effect.timeoutOrElse(Deferred.await(answer), {
          duration: answerMillis,
          orElse: () => Effect.succeed(false),
        })
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            live.answer = undefined
            live.change((record) => ({ ...Struct.omit(record, ["question"]), status: "running" }))
          }),
        ),
      )
  }

  // A host that keeps no log has neither.
  const recorder = Option.getOrUndefined(yield* Effect.serviceOption(EventRecorder))
  const stops = Option.getOrUndefined(yield* Effect.serviceOption(StopRequests))

  /** Logs the end of each command that this one has run, after its last event. */
  const recordEnd = (request: string, formae: ReadonlyMap<string, string>, ending: CommandEnding) =>
    Effect.forEach(
      recorder === undefined ? [] : formae,
      ([commandId, forma]) =>
        recorder?.record({ event: { _tag: "Ended", commandId, forma, ending }, request }) ?? Effect.void,
      { discard: true },
    )

  /** `formae` has the forma of each command that has begun or waited. */
  const end = (live: LiveCommand, formae: ReadonlyMap<string, string>, exit: Exit.Exit<CommandResult, AgentError>) =>
    Effect.gen(function* () {
      const isLeaving = stops !== undefined && (yield* stops.isLeaving)
      const endHolding = yield* EndHolding
      if (endHolding !== undefined) {
        // What another runner has taken over has not ended, and this one can write nothing of it.
        if (isFenced(exit)) return
        // It has not ended either: the next holder reads how far it is.
        if (hasLostState(exit)) return yield* endHolding
      }
      const isLeft = isLeftToNext(exit, { isLeaving, isCanceled: yield* isCanceled(stops, live, formae.keys()) })
      yield* recordEnd(live.record().key, formae, isLeft ? "left" : endingOf(exit))
      // The agent ends: the next one continues it, and the client that has asked for it asks that one.
      if (isLeft) return
      const lastEvent = yield* lastEventOf(feed)
      // The journal has its end, and the log has not: the next agent tells it.
      if (lastEvent === undefined && Exit.isSuccess(exit)) return
      const endedAt = yield* Clock.currentTimeMillis
      const before = Struct.omit(live.record(), ["question"])
      const endBy = (one: typeof exit) => {
        const revision = before.revision + 1
        return { ...before, ...endOf(one), endedAt, lastEvent: lastEvent ?? 0, revision }
      }
      const { isKept, record } = yield* keepEnd(keys, endBy(exit), (defect) => endBy(Exit.die(defect)))
      live.change(() => record)
      if (isKept) known.delete(record.key)
    })

  /** `ofForma` has the forma of a command of which there may be no more events. */
  return (live: LiveCommand, commandId: string, start: Start, asks: boolean, ofForma?: string) => {
    live.commandId = commandId
    const formae = new Map<string, string>(ofForma === undefined ? [] : [[commandId, ofForma]])
    const options: CommandOptions = {
      commandId,
      observe: observe(live, formae),
      stopWhen: Deferred.await(live.stopped),
      whenInterrupted: live.whenInterrupted,
      ...(asks ? { confirm: confirm(live) } : {}),
    }
    const { askedBy: by, key: request } = live.record()
    const interrupted = Effect.andThen(Deferred.await(live.interrupted), Effect.interrupt)
    return start(options).pipe(
      Effect.raceFirst(interrupted),
      Effect.provideService(CurrentAsked, { by, request }),
      Effect.onExit((exit) => end(live, formae, exit)),
      Effect.ensuring(Deferred.succeed(live.done, undefined)),
      Effect.forkIn(scope),
      Effect.asVoid,
    )
  }
})

/** Kept before anybody hears of it. Where it cannot be kept, this agent knows it for as long as it lives. */
const keepEnd = (keys: RequestKeys["Service"], record: ApiRecord, recordOf: (defect: unknown) => ApiRecord) =>
  keys.end(record).pipe(
    Effect.as({ isKept: true, record }),
    Effect.catch(({ message }) =>
      Effect.as(Effect.logWarning(`An end was not kept: ${message}`), { isKept: false, record }),
    ),
    // What cannot be written cannot be answered either, and nobody must wait for it. The next agent finds out what was done.
    Effect.catchDefect((defect) =>
      Effect.as(Effect.logError("An end was not kept", Cause.die(defect)), { isKept: false, record: recordOf(defect) }),
    ),
  )

const observe = (live: LiveCommand, formae: Map<string, string>) => (event: ChangeEvent) =>
  Effect.sync(() => {
    const { commandId, forma } = event
    formae.set(commandId, forma)
    if (live.record().commandIds.includes(commandId)) return
    live.change((record) => ({ ...record, commandIds: [...record.commandIds, commandId] }))
  })

/** Whether a person has canceled a command, or one that it has run. */
const isCanceled = (
  stops: StopRequests["Service"] | undefined,
  live: LiveCommand,
  commandIds: Iterable<string>,
): Effect.Effect<boolean> =>
  live.whenInterrupted() === "cancel" || stops === undefined
    ? Effect.succeed(live.whenInterrupted() === "cancel")
    : Effect.map(Effect.filter([live.commandId ?? "", ...commandIds], stops.isCanceled), ({ length }) => length > 0)

/** An agent that ends does not wait for a full disk. */
const leavingMillis = 2_000

/**
 * The number of the last event, once all is in the log. Undefined where this agent
 * ends before that. A command whose events cannot be read has ended all the same.
 */
const lastEventOf = ({ last, lastLogged }: EventFeed["Service"]): Effect.Effect<number | undefined> =>
  Effect.interruptible(last).pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.map(Effect.timeoutOption(Effect.interruptible(last), leavingMillis), Option.getOrUndefined)
        : lastLogged,
    ),
    Effect.catchCause(() => Effect.succeed(0)),
  )

/** What the record of a command says of its end. */
const endOf = (exit: Exit.Exit<CommandResult, AgentError>): Pick<ApiRecord, "status" | "result" | "error"> => {
  if (Exit.isSuccess(exit)) return { status: "succeeded", result: resultToApi(exit.value) }
  const failure = exit.cause.reasons.find(Cause.isFailReason)
  if (failure !== undefined) return { status: "refused", error: failureOfError(failure.error) }
  return {
    status: "refused",
    error: Cause.hasInterruptsOnly(exit.cause)
      ? { schemaVersion, code: "Interrupted", message: "The command was interrupted" }
      : {
          schemaVersion,
          code: "Defect",
          message: "The agent has failed in a way that it does not know; its log says how",
        },
  }
}
