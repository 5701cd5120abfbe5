/** What a user of the command can do about an error of the agent, which only states the facts. */
import * as Schema from "effect/Schema"
import { StateInUse, StateTaken } from "../agent/index.ts"

const isStateInUse = Schema.is(StateInUse)
const isStateTaken = Schema.is(StateTaken)

/** A sentence that follows the message of the error, or an empty text. */
export const adviceFor = (error: unknown): string => {
  if (isStateTaken(error)) return ". Run the same command again: it continues from what is recorded"
  if (!isStateInUse(error)) return ""
  return error.host === undefined
    ? ". Wait for it, or name another state file with --state"
    : `. Wait for it, or name another state file with --state; if that host is gone for good, "formae unlock" frees the state`
}
