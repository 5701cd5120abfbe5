/** An error of the agent as the failure of a command. */
import { commandErrorOf } from "../agent/index.ts"
import { adviceForError } from "./advice/adviceForError.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"

interface AgentError {
  readonly _tag: string
  readonly message: string
}

/** An error of the agent. `--json` prints its facts; the advice is for the person who reads stderr. */
const failureWith =
  (exitCode: number) =>
  (error: AgentError): CommandFailure => {
    const facts = commandErrorOf(error)
    return new CommandFailure({ exitCode, message: withAdvice(facts.message, adviceForError(facts)), error: facts })
  }

/** The input was good, but the command could not be run. */
export const failed = failureWith(exitCodes.failed)

/** The agent cannot use the input: nothing was done. */
export const refused = failureWith(exitCodes.badInput)
