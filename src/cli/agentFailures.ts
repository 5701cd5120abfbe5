/** An error of the agent as the failure of a command. */
import { commandErrorOf, type NamespaceUnknown } from "../agent/index.ts"
import { adviceForError } from "./advice/adviceForError.ts"
import { adviceForNamespace } from "./advice/adviceForNamespace.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { CommandFailure, exitCodes, withLine } from "./CommandFailure.ts"

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

/** The command could not be run, or was given a namespace that no plugin serves. */
export const failedUnlessUnknown = (error: AgentError | NamespaceUnknown): CommandFailure =>
  isUnknown(error) ? withLine(refused(error), adviceForNamespace(error)) : failed(error)

const isUnknown = (error: AgentError): error is NamespaceUnknown => error._tag === "NamespaceUnknown"
