/** What a command prints at its end. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { type CommandName, type CommandRefused, type CommandResult, FormaInvalid } from "../agent/index.ts"
import { namespaceKey, namespaceOf } from "../protocol/index.ts"
import { badInput, CommandEnded, exitCodes, failed } from "./CommandFailure.ts"
import type { FormaFile } from "./DocumentFile.ts"
import { formatResult } from "./formatResult.ts"

const printJson = (document: object) => Console.log(JSON.stringify(document, null, 2))

/** Prints a result, and ends with the exit code that it calls for. */
export const printResult = (json: boolean) =>
  Effect.fnUntraced(function* (result: CommandResult) {
    yield* json ? printJson(result) : Console.log(formatResult(result))
    if (result.status === "failed" || result.status === "canceled")
      return yield* new CommandEnded({ exitCode: exitCodes.failed, message: "" })
  })

/** With `--json`, a command that has no result prints one document too, with `none` in the place of what it would list. */
export const orRefusal =
  (json: boolean, command: CommandName | "plugins" | "plugin test" | "plugin init", none: object = { resources: [] }) =>
  <A, R>(run: Effect.Effect<A, CommandEnded, R>): Effect.Effect<A, CommandEnded, R> =>
    Effect.tapError(run, ({ error }) => {
      if (!json || error === undefined) return Effect.void
      // The state could not be read or written on the way, and something may have been done by then.
      const status = error.code === "SqlError" ? "failed" : "refused"
      return printJson({ command, status, ...none, error })
    })

/** A command that did nothing: whose fault it was decides the exit code. */
export const refusalOf =
  (file: FormaFile) =>
  (error: CommandRefused): CommandEnded => {
    switch (error._tag) {
      case "FormaInvalid":
        return file.refuse(error)
      case "NamespaceUnknown": {
        const key = namespaceKey(error.namespace)
        const index = file.forma.resources.findIndex(({ type }) => namespaceKey(namespaceOf(type)) === key)
        if (index === -1) return badInput(error._tag, error.message)
        return file.refuse(
          new FormaInvalid({ issues: [{ path: ["resources", index, "type"], message: error.message }] }),
        )
      }
      default:
        return failed(error)
    }
  }
