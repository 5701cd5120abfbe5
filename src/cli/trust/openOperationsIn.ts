/** What is open in a state, for somebody who decides whether to trust it. Only a copy is looked at, and nothing in it is changed. */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import { lookIntoState } from "../stateCopy.ts"
import { firstOf } from "./questionLines.ts"

const readOpen = (sql: SqlClient) =>
  sql`SELECT kind, forma, label FROM operations WHERE settled = 0 ORDER BY started_at, label LIMIT 1000`.values

/** The lines to show. */
export const openOperationsIn = (file: string) =>
  Effect.match(lookIntoState(file, ["operations"], readOpen), {
    onFailure: (error) => [
      error === "TooLarge" ? "it is too large to be looked into here" : "its open operations cannot be read",
    ],
    onSuccess: (open) => {
      if (open.length === 0) return ["no operation is open in it"]
      const names = open.map(
        ([kind, forma, label]) => `${String(kind).toLowerCase()} ${String(forma)}/${String(label)}`,
      )
      return [`open in it, and continued by the next command on it: ${firstOf(names)}`]
    },
  })
