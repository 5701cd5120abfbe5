/** The methods of the agent that only read, over its API. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Agent } from "../../agent/Agent.ts"
import type { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import { decodeForma } from "../../agent/forma/Forma.ts"
import type { ApiError } from "../api/ApiFailure.ts"
import type { ApiResult } from "../api/ApiResult.ts"
import { commandsFromApi, reportFromApi, resultFromApi } from "../mapping/models.ts"
import { type Connection, refusalOf } from "./Connection.ts"
import { commandTags, expected, expecting } from "./expectedErrors.ts"
import { remoteQueue } from "./remoteEvents.ts"
import { remoteImports } from "./remoteImports.ts"
import { remoteInventory } from "./remoteInventory.ts"
import { jsonOf, onlyOf, reachedOf, sourceOf } from "./requests.ts"

type Reads = Pick<
  Agent["Service"],
  | "commands"
  | "discover"
  | "draftImport"
  | "drift"
  | "plan"
  | "sync"
  | "outputs"
  | "show"
  | "events"
  | "inventory"
  | "inventoryStream"
>

/** What a look at rows may fail with that are named. */
const selectionTags = ["InventoryUnreadable", "ResourceNotFound", "SqlError"] as const

/** What only reads. */
export const remoteReads = (connection: Connection): Reads => {
  const refuse = refusalOf(connection)
  const notUnderstood = () => connection.unreachable({ _tag: "NotUnderstood" })
  const resultOf = (call: Effect.Effect<ApiResult, AgentUnreachable | ApiError>) =>
    Effect.flatMap(Effect.mapError(call, refuse), (result) => Effect.mapError(resultFromApi(result), notUnderstood))
  const reading = expecting(connection, "InventoryUnreadable", "JournalUnreadable", "SqlError")

  return {
    commands: ({ limit } = {}) =>
      connection
        .call((client) => client.commands.list({ query: limit === undefined ? {} : { limit } }))
        .pipe(
          Effect.mapError(refuse),
          Effect.flatMap((list) => Effect.mapError(commandsFromApi(list), notUnderstood)),
          expecting(connection, "SqlError"),
        ),
    plan: (forma, { document, only } = {}) =>
      decodeForma(forma).pipe(
        Effect.map((decoded) => ({ forma: jsonOf(decoded), ...sourceOf(document), ...onlyOf({ only }) })),
        Effect.flatMap((payload) => resultOf(connection.call((client) => client.state.plan({ payload })))),
        expecting(connection, ...commandTags),
      ),
    sync: ({ document, forma, labels, repair } = {}) => {
      const payload = {
        ...(forma === undefined ? {} : { forma: typeof forma === "string" ? forma : reachedOf(forma) }),
        ...(labels === undefined ? {} : { labels }),
        ...(repair === undefined ? {} : { repair }),
        ...sourceOf(document),
      }
      return resultOf(connection.call((client) => client.state.sync({ payload }))).pipe(
        expecting(connection, ...selectionTags, "DocumentConflict", "StateInUse", "StateTaken"),
      )
    },
    drift: ({ forma, labels } = {}) => {
      const payload = { ...(forma === undefined ? {} : { forma }), ...(labels === undefined ? {} : { labels }) }
      return resultOf(connection.call((client) => client.state.drift({ payload }))).pipe(
        expecting(connection, ...selectionTags, "JournalUnreadable"),
      )
    },
    ...remoteImports(connection),
    outputs: ({ name, withSecret } = {}) => {
      const payload = {
        ...(name === undefined ? {} : { name }),
        ...(withSecret === undefined ? {} : { withSecret }),
      }
      return resultOf(connection.call((client) => client.state.outputs({ payload }))).pipe(
        expecting(connection, "JournalUnreadable", "OutputNotFound", "SqlError", "VaultUnavailable"),
      )
    },
    show: ({ forma, label }) =>
      connection
        .call((client) => client.state.show({ params: { label }, query: forma === undefined ? {} : { forma } }))
        .pipe(
          Effect.mapError(refuse),
          Effect.flatMap((report) => Effect.mapError(reportFromApi(report), notUnderstood)),
          expecting(connection, "InventoryUnreadable", "JournalUnreadable", "ResourceNotFound", "SqlError"),
        ),
    events: remoteQueue(connection),
    inventory: reading(resultOf(connection.call((client) => client.state.inventory()))),
    inventoryStream: reading(remoteInventory(connection)).pipe(
      Effect.map(({ notes, resources }) => ({
        notes,
        resources: Stream.mapError(resources, expected(connection, "InventoryUnreadable", "SqlError")),
      })),
    ),
  }
}
