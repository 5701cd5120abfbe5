/** How a command of the API ended, as the log says it: pure decisions. */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type { CommandResult } from "../../agent/commands/CommandResult.ts"
import type { CommandEnding } from "../../agent/events/LoggedEvent.ts"
import { isOfServerAway } from "../../agent/store/serverAway.ts"
import type { AgentError } from "../mapping/errors.ts"

/**
 * Whether the next agent goes on with a command. `isLeaving`: this agent was
 * asked to stop, and its commands with it. `isCanceled`: a person has
 * canceled it.
 */
export const isLeftToNext = (
  exit: Exit.Exit<CommandResult, AgentError>,
  { isCanceled, isLeaving }: { readonly isLeaving: boolean; readonly isCanceled: boolean },
): boolean => {
  if (isCanceled) return false
  return Exit.isSuccess(exit) ? isLeaving && exit.value.status === "canceled" : Exit.hasInterrupts(exit)
}

/** Whether it has failed because the state was taken over. */
export const isFenced = (exit: Exit.Exit<CommandResult, AgentError>): boolean =>
  Exit.isFailure(exit) &&
  exit.cause.reasons.some((reason) => Cause.isFailReason(reason) && reason.error._tag === "StateTaken")

/** Whether it has failed because the server of the state was not reached, which says nothing of what was asked for. */
export const hasLostState = (exit: Exit.Exit<CommandResult, AgentError>): boolean =>
  Exit.isFailure(exit) &&
  exit.cause.reasons.some(
    (reason) =>
      (Cause.isFailReason(reason) && isOfServerAway(reason.error)) ||
      (Cause.isDieReason(reason) && isOfServerAway(reason.defect)),
  )

export const endingOf = (exit: Exit.Exit<CommandResult, AgentError>): CommandEnding => {
  if (Exit.isFailure(exit)) return Cause.hasInterrupts(exit.cause) ? "canceled" : "refused"
  const { status } = exit.value
  return status === "planned" ? "succeeded" : status
}
