/** The commands that change resources, each on the board from the start, and in its turn. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import type { DestroyedForma } from "../plan/Planner.ts"
import { CommandBoard } from "./CommandBoard.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { makeCommandTurn } from "./CommandTurn.ts"
import { documentsOf, usedBy } from "./documentsOfCommand.ts"
import { makeFormaCommands } from "./FormaCommands.ts"
import { measureCommand } from "./measureCommand.ts"
import { type ResumeOptions, Resumption } from "./Resumption.ts"

export const makeCommandsInTurn = Effect.gen(function* () {
  const board = yield* CommandBoard
  const formaCommands = yield* makeFormaCommands
  const resumption = yield* Resumption
  const { takeTurn } = yield* makeCommandTurn

  return {
    apply: Effect.fn("Agent.apply")(function* (forma: Forma, given: CommandOptions) {
      const options = yield* board.enter({ command: "apply", forma: forma.name }, given)
      const claimed = yield* takeTurn([...documentsOf(forma, options), ...usedBy(forma)], options)
      return yield* formaCommands.apply(forma, options, claimed)
    }, measureCommand("apply")),
    destroy: Effect.fn("Agent.destroy")(function* (forma: DestroyedForma, given: CommandOptions) {
      const options = yield* board.enter({ command: "destroy", forma: forma.name }, given)
      const claimed = yield* takeTurn(documentsOf(forma, options), options)
      return yield* formaCommands.destroy(forma, options, claimed)
    }, measureCommand("destroy")),
    resume: Effect.fn("Agent.resume")(function* ({ commandId, ...given }: ResumeOptions) {
      // The id is that of the command to resume: the resume has one of its own.
      const options = yield* board.enter({ command: "resume", forma: given.forma ?? "" }, given)
      const claimed = yield* takeTurn(given.forma === undefined ? "all" : [given.forma], options)
      return yield* resumption.resume({ ...options, commandId }, claimed)
    }, measureCommand("resume")),
  }
})
