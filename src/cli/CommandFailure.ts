/** Why a command did not succeed, with the exit code of the process. */
import * as Data from "effect/Data"
import * as Runtime from "effect/Runtime"
import type { CommandError } from "../agent/index.ts"
import { adviceForError } from "./advice/adviceForError.ts"

/** 0 is success. `failed`: something went wrong. `badInput`: the input cannot be used, and nothing was done. */
export const exitCodes = { failed: 1, badInput: 2 } as const

export class CommandFailure extends Data.TaggedError("CommandFailure")<{
  readonly exitCode: number
  /** Printed on stderr. Empty if the printed result already explains the failure. */
  readonly message: string
  /** Printed by `--json`. Absent where a result has been printed. */
  readonly error?: CommandError
}> {
  override readonly [Runtime.errorExitCode] = this.exitCode
}

/** The input cannot be used: nothing was done. */
export const badInput = (code: string, message: string, issues?: CommandError["issues"]): CommandFailure =>
  new CommandFailure({
    exitCode: exitCodes.badInput,
    message,
    error: { code, message, ...(issues === undefined ? {} : { issues }) },
  })

/** The input was good, but the command could not be run. */
export const failed = (error: { readonly _tag: string; readonly message: string }): CommandFailure => {
  const message = `${error.message}${adviceForError(error)}`
  return new CommandFailure({ exitCode: exitCodes.failed, message, error: { code: error._tag, message } })
}
