/** A command that runs in an agent in another process: asked for by a key, watched, and brought to its end. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import type { CommandResult } from "../../agent/commands/CommandResult.ts"
import type { Confirm } from "../../agent/commands/Confirmation.ts"
import { type ApiCommand, type ApiQuestion, type ApiRecord, hasEnded } from "../api/ApiCommand.ts"
import type { ApiError } from "../api/ApiFailure.ts"
import type { AgentError } from "../mapping/errors.ts"
import { questionFromApi, resultFromApi } from "../mapping/models.ts"
import { type Connection, refusalOf } from "./Connection.ts"
import { followRemote, observed } from "./remoteEvents.ts"

/** What a caller of the API may want of a command, beside what it sends. */
export type Watched = Pick<CommandOptions, "confirm" | "observe" | "stopWhen" | "whenInterrupted">

/** Runs a command under a key, which makes it harmless to ask twice. */
export const runRemote = Effect.fnUntraced(function* (
  connection: Connection,
  key: string,
  command: ApiCommand,
  { confirm, observe, stopWhen, whenInterrupted = "cancel" }: Watched = {},
): Effect.fn.Return<CommandResult, AgentError, Scope.Scope> {
  const calls = callsOf(connection, key, command)
  const isCancel = () => (typeof whenInterrupted === "function" ? whenInterrupted() : whenInterrupted) === "cancel"
  const run = Effect.gen(function* () {
    // Before it is asked for, so that none of its events is missed.
    const after = observe === undefined ? 0 : yield* calls.lastEvent
    const first = yield* calls.ask
    if (stopWhen !== undefined) {
      const stop = Effect.andThen(stopWhen, calls.cancel("stop"))
      yield* Effect.forkScoped(Effect.ignore(stop, { log: true }), { startImmediately: true })
    }
    const following =
      observe === undefined
        ? Effect.void
        : followRemote(connection, { after, command: key, askAgain: calls.ask, handle: observed(observe) })
    const observing = yield* Effect.forkScoped(following)
    const record = yield* untilEnded(calls, first, confirm)
    yield* Fiber.join(observing)
    return record
  })
  const record = yield* run.pipe(
    Effect.mapError(refusalOf(connection)),
    // As in one process, it is over when its caller is. A caller that cannot be answered leaves it alone.
    Effect.onExit((exit) =>
      Exit.isFailure(exit) && !Cause.hasFails(exit.cause) && isCancel() ? calls.interrupt : Effect.void,
    ),
  )
  if (record.result !== undefined) {
    return yield* Effect.mapError(resultFromApi(record.result), () => connection.unreachable({ _tag: "NotUnderstood" }))
  }
  const { error } = record
  return yield* error === undefined ? connection.unreachable({ _tag: "NotUnderstood" }) : refusalOf(connection)(error)
})

type Answered<A> = Effect.Effect<A, AgentUnreachable | ApiError>

interface Calls {
  readonly lastEvent: Answered<number>
  /** Asks for the command. Finds it where it was asked for before. */
  readonly ask: Answered<ApiRecord>
  /** Its record, once its revision is higher or the agent has waited for long enough. */
  readonly find: (after: number) => Answered<ApiRecord>
  readonly cancel: (how: "stop" | "interrupt") => Answered<unknown>
  readonly answer: (question: number, yes: boolean) => Answered<ApiRecord>
  /** Interrupts it, and waits until it has ended, for ten seconds. */
  readonly interrupt: Effect.Effect<void>
}

const callsOf = ({ call }: Connection, key: string, payload: ApiCommand): Calls => {
  const params = { key }
  const ask = call((client) => client.commands.ask({ headers: { "idempotency-key": key }, payload }))
  const find = (after: number) =>
    Effect.catchTag(
      call((client) => client.commands.find({ params, query: { after } })),
      "NotFound",
      () => ask,
    )
  const cancel = (how: "stop" | "interrupt") => call((client) => client.commands.cancel({ params, payload: { how } }))
  const ended = Effect.repeat(
    Effect.suspend(() => find(0)),
    { until: hasEnded },
  )
  return {
    lastEvent: Effect.map(
      call((client) => client.agent.about()),
      ({ lastEvent }) => lastEvent,
    ),
    ask,
    find,
    cancel,
    answer: (question, yes) => call((client) => client.commands.answer({ params, payload: { question, yes } })),
    interrupt: Effect.andThen(cancel("interrupt"), ended).pipe(
      Effect.timeoutOption(interruptMillis),
      Effect.ignore({ log: true }),
    ),
  }
}

/** A command that is interrupted ends at once, unless the provider holds it up. */
const interruptMillis = 10_000

/** The record of a command that has ended. Answers what it asks on the way. */
const untilEnded = Effect.fnUntraced(function* (calls: Calls, first: ApiRecord, confirm: Confirm | undefined) {
  let record = first
  let answered = 0
  while (!hasEnded(record)) {
    const { question, revision } = record
    const next = calls.find(revision)
    if (question === undefined || confirm === undefined || question.number <= answered) record = yield* next
    else {
      // What is asked may be over before there is an answer, such as when the command was asked to stop.
      const moved = Effect.repeat(
        Effect.suspend(() => calls.find(revision)),
        {
          until: (one) => hasEnded(one) || one.question?.number !== question.number,
        },
      )
      record = yield* Effect.raceFirst(moved, answer(calls, question, confirm))
      answered = question.number
    }
  }
  return record
})

const answer = Effect.fnUntraced(function* (calls: Calls, question: ApiQuestion, confirm: Confirm) {
  const yes = yield* Effect.flatMap(Effect.orDie(questionFromApi(question)), confirm)
  // The command may have gone on meanwhile.
  return yield* Effect.catchTag(calls.answer(question.number, yes), "Refused", () => calls.find(0))
})
