/** A row of the log as an event. One that is damaged hides no other one. */
import * as Schema from "effect/Schema"
import { isDamaged, type Row } from "../store/RowChecksum.ts"
import { LoggedEvent, type NumberedEvent } from "./LoggedEvent.ts"

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(LoggedEvent))

const eventOf = (row: Row): LoggedEvent => {
  if (isDamaged(row)) return { _tag: "Unreadable", reason: "its row in the state is damaged" }
  const decoded = decode(row["event"])
  return decoded._tag === "Success"
    ? decoded.success
    : { _tag: "Unreadable", reason: "it was logged by another version of formae" }
}

export const readEvent = (row: Row): NumberedEvent => {
  const textOf = (column: string): string | null => {
    const value = row[column]
    return typeof value === "string" ? value : null
  }
  return {
    number: Number(row["number"]),
    at: Number(row["at"]),
    commandId: textOf("command_id"),
    request: textOf("request"),
    event: eventOf(row),
  }
}
