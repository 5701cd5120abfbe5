/** What a command prints at its end. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { type CommandRefused, type CommandResult, FormaInvalid } from "../agent/index.ts"
import { namespaceKey, namespaceOf } from "../protocol/index.ts"
import { badInput, CommandEnded, exitCodes, failed } from "./CommandEnded.ts"
import type { FormaFile } from "./FormaFile.ts"
import { formatResult } from "./ResultTable.ts"

/** Prints a result, and ends with the exit code that it calls for. */
export const printResult = (json: boolean) =>
  Effect.fnUntraced(function* (result: CommandResult) {
    yield* Console.log(json ? JSON.stringify(result, null, 2) : formatResult(result))
    if (result.status === "failed") return yield* new CommandEnded({ exitCode: exitCodes.failed, message: "" })
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
        if (index === -1) return badInput(error.message)
        return file.refuse(
          new FormaInvalid({ issues: [{ path: ["resources", index, "type"], message: error.message }] }),
        )
      }
      default:
        return failed(error.message)
    }
  }
