/**
 * A command by which a human corrects the state, asked for again after its agent
 * was killed: where it had done its work and only its record was lost, it is refused
 * now, because there is nothing left for it to do. Then its result is what the state has.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Agent } from "../../agent/Agent.ts"
import type { ResourceResult } from "../../agent/apply/ResourceResult.ts"
import { type CommandResult, makeCommandResult } from "../../agent/commands/CommandResult.ts"
import type { ApiCommand } from "../api/ApiCommand.ts"
import type { AgentError } from "../mapping/errors.ts"
import type { Start } from "./runInBackground.ts"

type Settling = Extract<ApiCommand, { readonly command: "adopt" | "forget" | "mv" }>

const isSettling = (command: ApiCommand): command is Settling =>
  command.command === "adopt" || command.command === "forget" || command.command === "mv"

/** The same command, which succeeds where it had succeeded before. */
export const orSettledBefore = (agent: Agent["Service"], command: ApiCommand, start: Start): Start => {
  if (!isSettling(command)) return start
  return (options) =>
    Effect.catch(start(options), (error) =>
      Effect.filterOrFail(settledBefore(agent, command, error), Predicate.isNotUndefined, () => error),
    )
}

const settledBefore = (
  agent: Agent["Service"],
  command: Settling,
  error: AgentError,
): Effect.Effect<CommandResult | undefined, AgentError> => {
  const find = (isIt: (one: ResourceResult) => boolean) =>
    Effect.map(agent.inventory, ({ resources }) =>
      resources.find((one) => isIt(one) && (command.forma === undefined || one.forma === command.forma)),
    )
  if (command.command === "mv") {
    if (error._tag !== "ResourceNotFound") return Effect.undefined
    const moved = find(({ label }) => label === command.to)
    return Effect.map(moved, (one) => one && makeCommandResult("mv", [{ ...one, movedFrom: command.label }]))
  }
  if (error._tag !== "OperationNotOpen") return Effect.undefined
  if (command.command === "adopt") {
    const adopted = find(({ label, nativeId }) => label === command.label && nativeId === command.nativeId)
    return Effect.map(adopted, (one) => one && makeCommandResult("adopt", [{ ...one, operation: "adopt" }]))
  }
  // That it is not open is all that was wanted.
  return Effect.succeed(error.reason._tag === "NoSuchOperation" ? makeCommandResult("forget", []) : undefined)
}
