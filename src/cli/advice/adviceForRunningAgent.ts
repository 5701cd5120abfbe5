/** What somebody should know of an agent that runs already: it has the plugins that were there when it was started. */
import * as Predicate from "effect/Predicate"
import { type CommandFailure, withFacts, withLine } from "../CommandFailure.ts"
import type { CommandProgress } from "../CommandProgress.ts"
import { lostLineOf } from "../Detaching.ts"

const startAgain = '"formae agent stop", and then "formae agent"'

/** For a command on an agent that knows no plugin for a namespace, or that does not come back once the command has begun. */
export const withAgentAdvice = (
  error: unknown,
  failure: CommandFailure,
  progress: Pick<CommandProgress, "commandIds" | "formae">,
): CommandFailure => {
  if (Predicate.isTagged(error, "NamespaceUnknown")) {
    return withLine(
      failure,
      `The agent that runs has the plugins that were there when it was started. If one was installed since, start it again: ${startAgain}`,
    )
  }
  const commandIds = progress.commandIds()
  if (!Predicate.isTagged(error, "AgentUnreachable") || commandIds.length === 0) return failure
  return withLine(withFacts(failure, { commandIds }), lostLineOf(progress))
}

/** After a plugin was added. */
export const adviceAfterAdding = (stateFile: string): string =>
  `An agent runs on the state ${stateFile}, and does not have this plugin yet. Start it again: ${startAgain}`
