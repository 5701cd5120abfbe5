/** How a command ends other than well, with its exit code. */
import * as Data from "effect/Data"

/** 0 is done. A result that says "failed" has been printed; bad input has done nothing. */
export const exitCodes = { failed: 1, badInput: 2 } as const

export class CommandEnded extends Data.TaggedError("CommandEnded")<{
  readonly exitCode: number
  /** For stderr; empty where all has been said. */
  readonly message: string
}> {}

export const badInput = (message: string): CommandEnded => new CommandEnded({ exitCode: exitCodes.badInput, message })

export const failed = (message: string): CommandEnded => new CommandEnded({ exitCode: exitCodes.failed, message })
