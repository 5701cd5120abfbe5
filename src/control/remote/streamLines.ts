/** The lines of a stream of the API, up to the one that says that it is whole. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import type { ApiError, ApiFailure } from "../api/ApiFailure.ts"
import type { AgentError } from "../mapping/errors.ts"
import { type CallError, type Connection, type ControlClient, refusalOf } from "./Connection.ts"

/** A line of such a stream. */
type Line = object | Ending

/** A line that ends a stream. */
type Ending = { readonly error: ApiFailure } | { readonly end: true }

/** A stream that is cut off fails: half of a list would look like all of it. */
export const streamLines = <A extends Line, E>(
  connection: Connection,
  call: (client: ControlClient) => Effect.Effect<Stream.Stream<A, E>, CallError>,
): Stream.Stream<Exclude<A, Ending>, AgentError> => {
  const refuse: (error: AgentUnreachable | ApiError) => AgentError = refusalOf(connection)
  const cutOff: AgentError = connection.unreachable({ _tag: "Lost", waitedMillis: 0 })
  return Stream.unwrap(
    Effect.mapBoth(connection.call(call), { onFailure: refuse, onSuccess: Stream.mapError(() => cutOff) }),
  ).pipe(
    Stream.concat(Stream.fail(cutOff)),
    Stream.mapEffect((line) =>
      isFailure(line) ? Effect.fail(refusalOf(connection)(line.error)) : Effect.succeed(line),
    ),
    Stream.takeUntil((line) => "end" in line),
    Stream.filter(isContent),
  )
}

const isFailure = (line: object): line is { readonly error: ApiFailure } => "error" in line

const isContent = <A extends Line>(line: A): line is Exclude<A, Ending> => !("end" in line)
