/** What somebody should know of an agent that runs already: it has the plugins that were there when it was started. */
import * as Predicate from "effect/Predicate"
import { type CommandFailure, withLine } from "../CommandFailure.ts"

const startAgain = '"formae agent stop", and then "formae agent"'

/** For a command on an agent that knows no plugin for a namespace. */
export const withAgentAdvice = (error: unknown, failure: CommandFailure): CommandFailure =>
  Predicate.isTagged(error, "NamespaceUnknown")
    ? withLine(
        failure,
        `The agent that runs has the plugins that were there when it was started. If one was installed since, start it again: ${startAgain}`,
      )
    : failure

/** After a plugin was added. */
export const adviceAfterAdding = (stateFile: string): string =>
  `An agent runs on the state ${stateFile}, and does not have this plugin yet. Start it again: ${startAgain}`
