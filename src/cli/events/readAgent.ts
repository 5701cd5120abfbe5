/** The events of an agent that runs, over its API. A lost connection leaves none out. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { ApiEvent } from "../../control/api/ApiEvent.ts"
import type { ApiError } from "../../control/api/ApiFailure.ts"
import type { AgentAddress, ConnectionOptions } from "../../control/remote/AgentAddress.ts"
import { connect, refusalOf } from "../../control/remote/Connection.ts"
import { followRemote } from "../../control/remote/remoteEvents.ts"
import type { AgentUnreachable } from "../../agent/index.ts"
import { failed } from "../agentFailures.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { type EventsUse, type EventsWanted, oneOf } from "./readLog.ts"

/** So many commands are searched for one whose id begins so. */
const searched = 1_000

/** What the first kept event is, where an error says that earlier ones are gone. */
const firstKept = (error: AgentUnreachable | ApiError): number | undefined => {
  const first = "code" in error && error.code === "EventsGone" ? error.facts?.["first"] : undefined
  return typeof first === "number" ? first : undefined
}

/** Whether a command has no later event, unless it is resumed. */
const isEnd = ({ data, kind }: ApiEvent): boolean => kind === "Ended" && data["ending"] !== "left"

/**
 * Reads the events that there are, and with `follow` those that come, until
 * the agent is gone for longer than it is waited for. Those of one command end with it.
 */
export const readAgent = Effect.fnUntraced(function* (
  address: AgentAddress,
  {
    after,
    command,
    follow,
    waitMillis,
  }: EventsWanted & Pick<ConnectionOptions, "waitMillis"> & { readonly follow: boolean },
  { handle, onGone }: EventsUse,
): Effect.fn.Return<void, CommandFailure> {
  const connection = yield* Effect.mapError(connect(address, { waitMillis }), failed)
  const refuse = (error: AgentUnreachable | ApiError) => failed(refusalOf(connection)(error))
  const { call } = connection
  const list = call((client) => client.commands.list({ query: { limit: searched } }))
  const commandId =
    command === undefined
      ? undefined
      : yield* Effect.flatMap(Effect.mapError(list, refuse), ({ commands }) =>
          oneOf(
            commands.map((one) => one.commandId),
            command,
          ),
        )
  const about = call((client) => client.agent.about())
  const isFromNow = after === undefined && follow && command === undefined
  const over = yield* Deferred.make<void, CommandFailure>()
  let last = isFromNow ? (yield* Effect.mapError(about, refuse)).lastEvent : (after ?? 0)

  const take = (event: ApiEvent) => {
    last = event.number
    const isLast = follow && commandId !== undefined && isEnd(event)
    return Effect.matchEffect(handle(event), {
      onFailure: (failure) => Effect.asVoid(Deferred.fail(over, failure)),
      onSuccess: () => (isLast ? Effect.asVoid(Deferred.succeed(over, undefined)) : Effect.void),
    })
  }
  const following = Effect.suspend(() =>
    followRemote(connection, { after: last, commandId, onlyPast: !follow, askAgain: Effect.void, handle: take }),
  ).pipe(
    Effect.as(true),
    Effect.catch((error) => {
      const first = firstKept(error)
      if (first === undefined) return Effect.fail(refuse(error))
      const isMissed = last > 0 || after !== undefined
      last = first - 1
      return Effect.as(isMissed ? onGone(first) : Effect.void, false)
    }),
    Effect.repeat({ until: (isWhole: boolean) => isWhole }),
  )
  yield* Effect.raceFirst(Deferred.await(over), Effect.asVoid(following))
})
