/** The events of an agent in another process, each once, also over a connection that is lost. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { Agent } from "../../agent/Agent.ts"
import type { ChangeEvent } from "../../agent/apply/ChangeEvent.ts"
import type { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import type { ApiEvent } from "../api/ApiEvent.ts"
import type { ApiError } from "../api/ApiFailure.ts"
import { eventFromApi } from "../mapping/models.ts"
import type { Connection } from "./Connection.ts"

/** Which events are followed, and what is done with each. */
export interface Following<E> {
  /** The number after which to begin. */
  readonly after: number
  /** The key of a command: its events alone, until it has ended. Those of all commands, without an end, if it is left out. */
  readonly command?: string | undefined
  /** The id of a command: its events alone. The end of the command does not end them. */
  readonly commandId?: string | undefined
  /** Whether to end with the events that there are. */
  readonly onlyPast?: boolean | undefined
  /** Tells the agent of that command again: after a restart it may not know it. */
  readonly askAgain: Effect.Effect<unknown, E>
  readonly handle: (event: ApiEvent) => Effect.Effect<void>
}

/** Follows events. Ends where the agent says that there are no more. After a lost connection it goes on after the last number. */
export const followRemote = <E>(
  { call }: Connection,
  { after, askAgain, command, commandId, handle, onlyPast = false }: Following<E>,
): Effect.Effect<void, AgentUnreachable | ApiError | E> => {
  let last = after
  const once = Effect.gen(function* () {
    const query = {
      after: last,
      ...(command === undefined ? {} : { command }),
      ...(commandId === undefined ? {} : { commandId }),
      ...(onlyPast ? { follow: "false" as const } : {}),
    }
    const frames = yield* call((client) => client.events.follow({ query }))
    return yield* frames.pipe(
      Stream.runForEach(({ data }) => {
        if (data.number <= last) return Effect.void
        last = data.number
        return handle(data)
      }),
      Effect.as(true),
      // The connection was lost. The next call waits for the agent.
      Effect.orElseSucceed(() => false),
    )
  }).pipe(Effect.catchTag("NotFound", () => Effect.as(askAgain, false)))
  return Effect.asVoid(Effect.repeat(once, { until: (isWhole: boolean) => isWhole }))
}

/** Calls `observe` with the events of commands that this version knows. */
export const observed =
  (observe: (event: ChangeEvent) => Effect.Effect<void>) =>
  (event: ApiEvent): Effect.Effect<void> =>
    Option.match(eventFromApi(event), { onNone: () => Effect.void, onSome: observe })

/** A queue of the events of all commands from now on. It ends where the agent does not come back. */
export const remoteQueue = (connection: Connection): Agent["Service"]["events"] =>
  Effect.gen(function* () {
    const queue = yield* Effect.acquireRelease(Queue.unbounded<ChangeEvent, Cause.Done>(), Queue.end)
    const about = yield* Effect.result(connection.call((client) => client.agent.about()))
    if (about._tag === "Failure") yield* Queue.end(queue)
    else {
      const following = followRemote(connection, {
        after: about.success.lastEvent,
        askAgain: Effect.void,
        handle: observed((event) => Effect.asVoid(Queue.offer(queue, event))),
      })
      yield* Effect.forkScoped(
        Effect.ensuring(
          Effect.catch(following, ({ message }) => Effect.logWarning(message)),
          Queue.end(queue),
        ),
      )
    }
    return queue
  })
