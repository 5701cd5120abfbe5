/** How a command ends other than well, with its exit code. */
import * as Data from "effect/Data"
import type { CommandError } from "../agent/index.ts"

/** 0 is done. A result that says "failed" has been printed; bad input has done nothing. */
export const exitCodes = { failed: 1, badInput: 2 } as const

export class CommandEnded extends Data.TaggedError("CommandEnded")<{
  readonly exitCode: number
  /** For stderr; empty where all has been said. */
  readonly message: string
  /** For `--json`; absent where a result has been printed. */
  readonly error?: CommandError
}> {}

/** What was given can not be used: nothing was done. */
export const badInput = (code: string, message: string, issues?: CommandError["issues"]): CommandEnded =>
  new CommandEnded({
    exitCode: exitCodes.badInput,
    message,
    error: { code, message, ...(issues === undefined ? {} : { issues }) },
  })

export const failed = ({ _tag: code, message }: { readonly _tag: string; readonly message: string }): CommandEnded =>
  new CommandEnded({ exitCode: exitCodes.failed, message, error: { code, message } })
