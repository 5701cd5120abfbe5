/** What an agent finds that is in no document, and how a document could state it, over its API. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AgentImports } from "../../agent/commands/AgentImports.ts"
import { decodeForma } from "../../agent/forma/Forma.ts"
import { discoveredFromApi } from "../mapping/discovery.ts"
import { draftFromApi, thingsToApi } from "../mapping/importing.ts"
import { type Connection, refusalOf } from "./Connection.ts"
import { commandTags, expected, expecting } from "./expectedErrors.ts"
import { jsonOf } from "./requests.ts"
import { streamLines } from "./streamLines.ts"

/** The reads of an import. */
export const remoteImports = (connection: Connection): Pick<AgentImports, "discover" | "draftImport"> => {
  const refuse = refusalOf(connection)
  const notUnderstood = () => connection.unreachable({ _tag: "NotUnderstood" })
  return {
    draftImport: (forma, things) =>
      decodeForma(forma).pipe(
        Effect.map((decoded) => ({ forma: jsonOf(decoded), things: thingsToApi(things) })),
        Effect.flatMap((payload) =>
          Effect.mapError(
            connection.call((client) => client.state.draftImport({ payload })),
            refuse,
          ),
        ),
        Effect.flatMap((draft) => Effect.mapError(draftFromApi(draft), notUnderstood)),
        expecting(connection, "ChangeFailed", "ImportRefused", ...commandTags),
      ),
    discover: ({ at, into, query, targets, types } = {}) => {
      const payload = {
        ...(at === undefined ? {} : { at }),
        ...(into === undefined ? {} : { into }),
        ...(query === undefined ? {} : { query }),
        ...(targets === undefined ? {} : { targets: jsonOf(targets) }),
        ...(types === undefined ? {} : { types }),
      }
      return streamLines(connection, (client) => client.state.discover({ payload })).pipe(
        Stream.mapEffect((line) => Effect.mapError(discoveredFromApi(line), notUnderstood)),
        Stream.mapError(expected(connection, "InventoryUnreadable", "NamespaceUnknown", "SqlError")),
      )
    },
  }
}
