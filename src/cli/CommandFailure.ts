/** Why a command did not succeed, with the exit code of the process. */
import * as Data from "effect/Data"
import * as Runtime from "effect/Runtime"
import type { CommandError } from "../agent/index.ts"

/**
 * 0 is success. `failed`: something went wrong. `badInput`: the input cannot be
 * used, or the answer was no, and nothing was done. `changes`: a plan that was
 * asked for it has something to do.
 */
export const exitCodes = { failed: 1, badInput: 2, changes: 3 } as const

export class CommandFailure extends Data.TaggedError("CommandFailure")<{
  readonly exitCode: number
  /** Printed on stderr. Empty if the printed result already explains the failure. */
  readonly message: string
  /** The message, where it has lines. A newline in a message is somebody else's. */
  readonly lines?: ReadonlyArray<string>
  /** Printed by `--json`. Absent where a result has been printed. */
  readonly error?: CommandError
}> {
  override readonly [Runtime.errorExitCode] = this.exitCode
}

/** The input has several mistakes, a line for each: nothing was done. */
export const badLines = (
  code: string,
  lines: ReadonlyArray<string>,
  issues: CommandError["issues"],
): CommandFailure => {
  const { error, exitCode, message } = badInput(code, lines.join("\n"), issues)
  return new CommandFailure({ exitCode, message, lines, ...(error === undefined ? {} : { error }) })
}

/** The same failure, with a line more for people. */
export const withLine = ({ error, exitCode, lines, message }: CommandFailure, line: string): CommandFailure =>
  new CommandFailure({
    exitCode,
    message,
    lines: [...(lines ?? [message]), line],
    ...(error === undefined ? {} : { error }),
  })

/** The same failure, with more facts for programs. */
export const withFacts = (
  { error, exitCode, lines, message }: CommandFailure,
  facts: NonNullable<CommandError["facts"]>,
): CommandFailure =>
  new CommandFailure({
    exitCode,
    message,
    ...(lines === undefined ? {} : { lines }),
    ...(error === undefined ? {} : { error: { ...error, facts: { ...error.facts, ...facts } } }),
  })

/** The input cannot be used: nothing was done. */
export const badInput = (code: string, message: string, issues?: CommandError["issues"]): CommandFailure =>
  new CommandFailure({
    exitCode: exitCodes.badInput,
    message,
    error: { code, message, ...(issues === undefined ? {} : { issues }) },
  })
