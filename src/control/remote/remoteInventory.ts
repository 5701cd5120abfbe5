/** The inventory of an agent in another process, as a stream. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ResourceResult } from "../../agent/apply/ResourceResult.ts"
import type { Note } from "../../agent/commands/Note.ts"
import type { ApiInventoryLine } from "../api/ApiState.ts"
import type { AgentError } from "../mapping/errors.ts"
import { notesFromApi, resourceFromApi } from "../mapping/models.ts"
import type { Connection } from "./Connection.ts"
import { streamLines } from "./streamLines.ts"

/** The notes of the inventory, and its resources. They are asked for when their stream is read. */
export const remoteInventory = Effect.fnUntraced(function* (
  connection: Connection,
): Effect.fn.Return<
  { readonly notes: ReadonlyArray<Note>; readonly resources: Stream.Stream<ResourceResult, AgentError> },
  AgentError
> {
  const [first] = yield* Stream.runCollect(Stream.take(linesOf(connection), 1))
  return {
    notes: first !== undefined && "notes" in first ? notesFromApi(first.notes) : [],
    resources: Stream.flattenIterable(
      Stream.mapEffect(linesOf(connection), (line) =>
        "resource" in line
          ? Effect.mapBoth(resourceFromApi(line.resource), {
              onFailure: () => connection.unreachable({ _tag: "NotUnderstood" }),
              onSuccess: (one) => [one],
            })
          : Effect.succeed([]),
      ),
    ),
  }
})

const linesOf = (connection: Connection): Stream.Stream<ApiInventoryLine, AgentError> =>
  streamLines(connection, (client) => client.state.inventoryStream())
