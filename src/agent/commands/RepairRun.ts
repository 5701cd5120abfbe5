/** Runs the command of a repair, and tells how it has ended. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { StopRequests } from "../operations/StopRequests.ts"
import { type RepairEnded, RepairObserver } from "../records/RepairEnded.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import type { CommandRefused } from "./CommandRefused.ts"
import type { CommandResult } from "./CommandResult.ts"

type Run = (options: CommandOptions) => Effect.Effect<CommandResult, CommandRefused>

/** `isLeft`: the agent leaves what has stopped to the next one. */
const endingOf = (exit: Exit.Exit<CommandResult, CommandRefused>, isLeft: boolean): RepairEnded["ending"] => {
  if (Exit.isFailure(exit)) return Exit.hasInterrupts(exit) ? "left" : "refused"
  const { status } = exit.value
  if (status === "canceled" && isLeft) return "left"
  return status === "planned" ? "succeeded" : status
}

/** What runs it. The caller of the sync may go away: it goes on with the agent, and with the next one. */
export const makeRepairRun = Effect.gen(function* () {
  const observer = yield* RepairObserver
  const stops = yield* StopRequests

  return (forma: string, run: Run) => {
    let commandId: string | undefined
    const tell = Effect.fnUntraced(function* (exit: Exit.Exit<CommandResult, CommandRefused>) {
      // One that was refused before it began has no events.
      if (commandId === undefined) return
      const isLeft = (yield* stops.isLeaving) && !(yield* stops.isCanceled(commandId))
      yield* observer({ commandId, forma, ending: endingOf(exit, isLeft) })
    })
    return run({
      whenInUse: "refuse",
      whenInterrupted: "leave",
      observe: (event) =>
        Effect.sync(() => {
          if (event._tag === "Began") ({ commandId } = event)
        }),
    }).pipe(Effect.onExit(tell))
  }
})
