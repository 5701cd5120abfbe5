/** What a user of the command can do about an error of the agent, which only states the facts. */
import * as Schema from "effect/Schema"
import { StateInUse } from "../../agent/index.ts"

const isStateInUse = Schema.is(StateInUse)

/** A sentence that follows the message of the error, or an empty text. */
export const adviceForError = (error: unknown): string => {
  if (!isStateInUse(error)) return ""
  const deleteRow = "delete the row of the table command_lock in the state file"
  const remedy =
    error.host === undefined
      ? `name another state file with --state; if process ${error.pid} is not formae, ${deleteRow}`
      : `if that host is gone for good, ${deleteRow}`
  return `. Wait for it, or ${remedy}`
}
