/** The commands that were asked for over the API. A command goes on when its caller is gone. */
import * as Clock from "effect/Clock"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Struct from "effect/Struct"
import { Agent } from "../../agent/Agent.ts"
import type { ChangeEvent } from "../../agent/apply/ChangeEvent.ts"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import type { CommandResult } from "../../agent/commands/CommandResult.ts"
import type { ConfirmRequest } from "../../agent/commands/Confirmation.ts"
import { CurrentAsked } from "../../agent/records/Asked.ts"
import type { Caller } from "../api/Access.ts"
import { type ApiAnswer, type ApiCommand, type ApiRecord, hasEnded } from "../api/ApiCommand.ts"
import { type BadRequest, NotFound, Refused } from "../api/ApiFailure.ts"
import { schemaVersion } from "../api/version.ts"
import { type AgentError, failureOfError } from "../mapping/errors.ts"
import { questionToApi, resultToApi } from "../mapping/models.ts"
import { EventFeed } from "./EventFeed.ts"
import { type LiveCommand, makeLiveCommand } from "./LiveCommand.ts"
import { commandOf } from "./runCommand.ts"

/** Runs the commands of the API, one for each key. */
export class CommandRequests extends Context.Service<
  CommandRequests,
  {
    /** Begins a command. A key that is known gives its command, and begins nothing. */
    readonly ask: (key: string, command: ApiCommand, caller: Caller) => Effect.Effect<ApiRecord, BadRequest | Refused>
    /** What has become of a command. With `after`, waits until its revision is higher, for 25 seconds. */
    readonly find: (key: string, after?: number) => Effect.Effect<ApiRecord, NotFound>
    /** A command that this agent has. */
    readonly live: (key: string) => Effect.Effect<LiveCommand, NotFound>
    /** Ends a command early. False where no such command is running. */
    readonly cancel: (key: string, how: "stop" | "interrupt") => Effect.Effect<boolean>
    /** Answers the question of a command. Fails with `Refused` where that question is not open. */
    readonly answer: (key: string, answer: ApiAnswer) => Effect.Effect<ApiRecord, NotFound | Refused>
  }
>()("formae/control/server/CommandRequests") {
  /** Over the agent of this process. */
  static readonly layer: Layer.Layer<CommandRequests, never, Agent | EventFeed> = Layer.effect(
    CommandRequests,
    Effect.gen(function* () {
      const agent = yield* Agent
      const run = yield* makeRun
      const known = new Map<string, LiveCommand>()

      const find = Effect.fnUntraced(function* (key: string) {
        return known.get(key) ?? (yield* notFound(key))
      })

      return CommandRequests.of({
        ask: Effect.fnUntraced(function* (key, command, caller) {
          const before = known.get(key)
          if (before !== undefined) return before.record()
          const start = yield* commandOf(agent, command)
          const askedAt = yield* Clock.currentTimeMillis
          // Nothing can come between the look and the entry: a second request of the same key finds this one.
          const again = known.get(key)
          if (again !== undefined) return again.record()
          const live = makeLiveCommand(newRecord(key, command, caller, askedAt))
          known.set(key, live)
          yield* run(live, start, "confirm" in command && command.confirm === true)
          return live.record()
        }),
        find: Effect.fnUntraced(function* (key, after) {
          const live = yield* find(key)
          const isNew = () => after === undefined || live.record().revision > after
          const wait = Effect.suspend(() => live.awaitChange).pipe(Effect.repeat({ until: isNew }))
          if (!isNew()) yield* Effect.timeoutOption(wait, pollMillis)
          return live.record()
        }),
        live: find,
        cancel: Effect.fnUntraced(function* (key, how) {
          const live = known.get(key)
          if (live === undefined) return how === "stop" && (yield* agent.stop(key))
          if (hasEnded(live.record())) return false
          yield* Deferred.succeed(how === "stop" ? live.stopped : live.interrupted, undefined)
          return true
        }),
        answer: Effect.fnUntraced(function* (key, { question, yes }) {
          const live = yield* find(key)
          const { answer } = live
          const asked = live.record().question
          if (answer === undefined || asked?.number !== question) {
            const message = `The command ${key} does not ask the question ${question}${asked === undefined ? "" : `, but ${asked.number}`}`
            return yield* new Refused({ schemaVersion, code: "QuestionNotOpen", message })
          }
          yield* Deferred.succeed(answer, yes)
          return live.record()
        }),
      })
    }),
  )
}

/** How long a caller waits for a change, before it asks again. */
const pollMillis = 25_000

/** How long a question waits for its answer. Then it counts as no. */
const answerMillis = 10 * 60 * 1000

const notFound = (key: string) =>
  new NotFound({ schemaVersion, code: "CommandUnknown", message: `No command was asked for with the key ${key}` })

const newRecord = (key: string, { command }: ApiCommand, caller: Caller, askedAt: number): ApiRecord => ({
  schemaVersion,
  key,
  command,
  status: "running",
  revision: 1,
  commandIds: [],
  askedBy: caller.name,
  askedAt,
})

type Start = (options: CommandOptions) => Effect.Effect<CommandResult, AgentError>

/** Runs a command in the background, and writes into its record what becomes of it. */
const makeRun = Effect.gen(function* () {
  const feed = yield* EventFeed
  const scope = yield* Effect.scope

  const observe = (live: LiveCommand) => (event: ChangeEvent) =>
    Effect.sync(() => {
      const { commandId } = event
      if (live.record().commandIds.includes(commandId)) return
      live.change((record) => ({ ...record, commandIds: [...record.commandIds, commandId] }))
    })

  /** Asks who has asked for the command. Nobody who answers within ten minutes counts as no. */
  const confirm = (live: LiveCommand) => {
    let number = 0
    return (request: ConfirmRequest) =>
      Effect.gen(function* () {
        number += 1
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

  const end = (live: LiveCommand, exit: Exit.Exit<CommandResult, AgentError>) =>
    Effect.gen(function* () {
      const lastEvent = yield* feed.last
      const endedAt = yield* Clock.currentTimeMillis
      live.change((record) => ({ ...Struct.omit(record, ["question"]), ...endOf(exit), endedAt, lastEvent }))
    })

  return (live: LiveCommand, start: Start, asks: boolean) => {
    const options: CommandOptions = {
      observe: observe(live),
      stopWhen: Deferred.await(live.stopped),
      whenInterrupted: live.whenInterrupted,
      ...(asks ? { confirm: confirm(live) } : {}),
    }
    const { askedBy: by, key: request } = live.record()
    const interrupted = Effect.andThen(Deferred.await(live.interrupted), Effect.interrupt)
    return start(options).pipe(
      Effect.raceFirst(interrupted),
      Effect.provideService(CurrentAsked, { by, request }),
      Effect.onExit((exit) => end(live, exit)),
      Effect.forkIn(scope),
      Effect.asVoid,
    )
  }
})

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
