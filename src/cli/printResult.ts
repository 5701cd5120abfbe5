/** Prints what a command ends with: its result, or with `--json` the error that it has instead. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { CommandError, CommandName, CommandResult } from "../agent/index.ts"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { resultInOrder } from "./inSchemaOrder.ts"
import { printJson, printLines, stdoutWidth } from "./Outputs.ts"
import { formatResult } from "./formatResult.ts"

/** Prints the result of a command on these formae. Fails with the exit code 1 if that result is not a success, or cannot be printed. */
export const printResult = (json: boolean) =>
  Effect.fnUntraced(function* ({
    formae,
    result,
  }: {
    readonly result: CommandResult
    readonly formae: ReadonlyArray<string>
  }) {
    yield* json ? printJson(resultInOrder(result)) : printLines(formatResult(result, formae, yield* stdoutWidth))
    if (result.status === "failed" || result.status === "canceled")
      return yield* new CommandFailure({ exitCode: exitCodes.failed, message: "" })
  })

/** What stands where a command without a result has its lists. */
const emptyResults: Readonly<Record<string, object>> = {
  commands: { commands: [], unreadable: [] },
  cancel: {},
  events: {},
  discover: { resources: [], failures: [] },
  "agent stop": {},
  "agent status": {},
  "agent token add": {},
  "agent token list": { tokens: [] },
  "agent token remove": {},
  plugins: { plugins: [], rejected: [] },
  "plugin add": { plugins: [] },
  "plugin remove": { plugins: [] },
  "plugin list": { plugins: [] },
  "plugin init": { files: [] },
  "plugin test": { checks: [] },
  "policy explain": { restarts: [] },
  config: { settings: [] },
  "config validate": { settings: [] },
  trust: { folders: [] },
  unlock: {},
  "state backup": {},
  "state copy": {},
  "state rotate-key": {},
  doctor: { checks: [] },
  show: {},
  types: { types: [] },
}

/** Prints the error of a command that has no result. */
export const printJsonError = (command: string, status: "failed" | "refused", error: CommandError) =>
  printJson({ command, status, ...(emptyResults[command] ?? { resources: [] }), error })

/** `refused` says that nothing was done. Something may have been where the state could not be read or written, or the agent did not come back. */
export const statusOfError = ({ code, facts = {} }: CommandError): "failed" | "refused" =>
  code === "SqlError" ||
  code === "StateTaken" ||
  (code === "AgentUnreachable" && (Object.hasOwn(facts, "commandIds") || Predicate.isTagged(facts["reason"], "Lost")))
    ? "failed"
    : "refused"

/** With `--json`, a command that fails without a result prints its error. */
export const withJsonError =
  (
    json: boolean,
    command:
      | CommandName
      | "plugins"
      | `plugin ${"add" | "remove" | "list" | "test" | "init"}`
      | "policy explain"
      | "config"
      | "config validate"
      | "state backup"
      | "state copy"
      | "state rotate-key"
      | "trust"
      | "unlock"
      | "doctor"
      | "show"
      | "validate"
      | "types"
      | "graph"
      | `agent ${"stop" | "status" | "token add" | "token list" | "token remove"}`
      | "commands"
      | "cancel"
      | "cluster"
      | "events"
      | "discover",
  ) =>
  <A, R>(run: Effect.Effect<A, CommandFailure, R>): Effect.Effect<A, CommandFailure, R> =>
    Effect.tapError(run, ({ error }) => {
      if (!json || error === undefined) return Effect.void
      return printJsonError(command, statusOfError(error), error)
    })
