/** The commands that change resources, each on the board from the start, and in its turn. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import type { DestroyedForma } from "../plan/DestroyedForma.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import { CommandBoard } from "./CommandBoard.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { makeCommandTurn } from "./CommandTurn.ts"
import { documentsOf, usedBy } from "./documentsOfCommand.ts"
import { makeFormaCommands } from "./FormaCommands.ts"
import { makeLeftToNext } from "./leftToNext.ts"
import { measureCommand } from "./measureCommand.ts"
import { type ResumeOptions, Resumption } from "./Resumption.ts"

export const makeCommandsInTurn = Effect.gen(function* () {
  const board = yield* CommandBoard
  const journal = yield* CommandJournal
  const formaCommands = yield* makeFormaCommands
  const resumption = yield* Resumption
  const { takeTurn } = yield* makeCommandTurn
  const { orLeave } = yield* makeLeftToNext

  const formaOf = (commandId: string) =>
    Effect.map(journal.unfinished, ({ commands }) => commands.find((one) => one.commandId === commandId)?.forma)

  return {
    apply: Effect.fn("Agent.apply")(function* (forma: Forma, given: CommandOptions) {
      const options = yield* board.enter({ command: "apply", forma: forma.name }, given)
      const turn = takeTurn([...documentsOf(forma, options), ...usedBy(forma)], options)
      const applied = Effect.flatMap(turn, (claimed) => formaCommands.apply(forma, options, claimed))
      return yield* orLeave(options.commandId)(applied)
    }, measureCommand("apply")),
    destroy: Effect.fn("Agent.destroy")(function* (forma: DestroyedForma, given: CommandOptions) {
      const options = yield* board.enter({ command: "destroy", forma: forma.name }, given)
      const turn = takeTurn(documentsOf(forma, options), options)
      const destroyed = Effect.flatMap(turn, (claimed) => formaCommands.destroy(forma, options, claimed))
      return yield* orLeave(options.commandId)(destroyed)
    }, measureCommand("destroy")),
    resume: Effect.fn("Agent.resume")(function* ({ commandId, ...given }: ResumeOptions) {
      // The id is that of the command to resume: the resume has one of its own.
      // One command works on its own forma alone, so that others run beside it.
      const forma = given.forma ?? (commandId === undefined ? undefined : yield* formaOf(commandId))
      const options = yield* board.enter({ command: "resume", forma: forma ?? "" }, given)
      const turn = takeTurn(forma === undefined ? "all" : [forma], options)
      const resumed = Effect.flatMap(turn, (claimed) => resumption.resume({ ...options, commandId }, claimed))
      return yield* orLeave(options.commandId)(resumed)
    }, measureCommand("resume")),
  }
})
