/** The commands that were asked for over the API. A command goes on when its caller is gone. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import * as Semaphore from "effect/Semaphore"
import { Agent } from "../../agent/Agent.ts"
import type { CommandJournal } from "../../agent/records/CommandJournal.ts"
import type { OperationJournal } from "../../agent/records/OperationJournal.ts"
import type { Caller } from "../api/Access.ts"
import { type ApiAnswer, type ApiCommand, type ApiRecord, hasEnded } from "../api/ApiCommand.ts"
import { type BadRequest, type NotFound, Refused, type Unavailable } from "../api/ApiFailure.ts"
import { schemaVersion } from "../api/version.ts"
import type { EventFeed } from "./EventFeed.ts"
import { RequestKeys } from "./RequestKeys.ts"
import { type LiveCommand, makeLiveCommand, type WatchedCommand } from "./LiveCommand.ts"
import { makeBegin } from "./beginCommand.ts"
import { notFound, notRead } from "./requestErrors.ts"

/** Runs the commands of the API, one for each key. */
export class CommandRequests extends Context.Service<
  CommandRequests,
  {
    /**
     * Begins a command. A key that is known gives its command, and begins
     * nothing; with another body it is refused. A command that was cut off with an
     * earlier agent is continued under its key.
     */
    readonly ask: (
      key: string,
      command: ApiCommand,
      caller: Caller,
    ) => Effect.Effect<ApiRecord, BadRequest | Refused | Unavailable>
    /** Continues the command of a key that an earlier agent has not ended. False where there is none. */
    readonly continueKept: (key: string) => Effect.Effect<boolean, SqlError>
    /** What has become of a command. With `after`, waits until its revision is higher, for 25 seconds. */
    readonly find: (key: string, after?: number) => Effect.Effect<ApiRecord, NotFound | Unavailable>
    /** A command while this agent has it, or as it has ended. */
    readonly live: (key: string) => Effect.Effect<WatchedCommand, NotFound | Unavailable>
    /** Completes once all commands that were begun here have ended, or are left to the next agent. */
    readonly settled: Effect.Effect<void>
    /**
     * Ends a command early, of a request or, to stop it, by the id of the command. False where no such command is
     * running. Fails with `Unavailable` where that is not known, or where no runner can be asked.
     */
    readonly cancel: (key: string, how: "stop" | "interrupt") => Effect.Effect<boolean, Unavailable>
    /** Answers the question of a command. Fails with `Refused` where that question is not open. */
    readonly answer: (key: string, answer: ApiAnswer) => Effect.Effect<ApiRecord, NotFound | Refused | Unavailable>
  }
>()("formae/control/server/CommandRequests") {
  /** Over the agent of this process. */
  static readonly layer: Layer.Layer<
    CommandRequests,
    never,
    Agent | CommandJournal | EventFeed | OperationJournal | RequestKeys
  > = Layer.effect(
    CommandRequests,
    Effect.gen(function* () {
      const agent = yield* Agent
      const known = new Map<string, LiveCommand>()
      const keys = yield* RequestKeys
      const { begin, continueKept } = yield* makeBegin(known)
      const oneAtATime = yield* Semaphore.make(1)

      const find = Effect.fnUntraced(function* (key: string) {
        const live = known.get(key)
        if (live !== undefined) return live
        // What an earlier agent has not ended is begun again when a client asks for it.
        const kept = yield* Effect.mapError(keys.find(key), notRead)
        return kept?.record === undefined ? yield* notFound(key) : makeLiveCommand(kept.record)
      })

      return CommandRequests.of({
        // In turn, so that a second request of the same key finds the first one.
        continueKept: (key) => oneAtATime.withPermits(1)(continueKept(key)),
        ask: (key, command, caller) => oneAtATime.withPermits(1)(begin(key, command, caller)),
        find: Effect.fnUntraced(function* (key, after) {
          const live = yield* find(key)
          const isNew = () => after === undefined || hasEnded(live.record()) || live.record().revision > after
          const wait = Effect.suspend(() => live.awaitChange).pipe(Effect.repeat({ until: isNew }))
          if (!isNew()) yield* Effect.timeoutOption(wait, pollMillis)
          return live.record()
        }),
        live: find,
        settled: Effect.suspend(() =>
          Effect.forEach(known.values(), ({ done }) => Deferred.await(done), { discard: true }),
        ),
        cancel: Effect.fnUntraced(function* (key, how) {
          const live = known.get(key)
          if (live === undefined) return how === "stop" && (yield* agent.stop(key))
          if (hasEnded(live.record())) return false
          // Before its turn it is not known to the agent, and stops there as it begins.
          yield* Deferred.succeed(live.stopped, undefined)
          // Recorded before it is answered: no agent that comes may go on with it.
          if (live.commandId !== undefined) yield* agent.stop(live.commandId)
          // The journal knows nothing yet of one that waits or asks. A state that cannot be written now hears of it at its end.
          yield* keys.cancel(key).pipe(Effect.timeoutOption(writeMillis), Effect.ignore({ log: true }))
          if (how === "interrupt") yield* Deferred.succeed(live.interrupted, undefined)
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
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** A full disk is waited for, but not by a cancel. */
const writeMillis = 5_000

/** How long a caller waits for a change, before it asks again. */
const pollMillis = 25_000
