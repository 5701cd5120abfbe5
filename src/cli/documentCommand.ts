/** The shape that `apply`, `plan` and `destroy` share: a document in, a result out. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import {
  type Agent,
  type CommandName,
  type CommandOptions,
  type CommandRefused,
  type CommandResult,
  type Forma,
  FormaInvalid,
  type Store,
} from "../agent/index.ts"
import { namespaceKey, namespaceOf } from "../protocol/index.ts"
import { badInput, type CommandFailure, failed } from "./CommandFailure.ts"
import { type DocumentFile, readDocument } from "./DocumentFile.ts"
import { withJsonError } from "./printResult.ts"
import { runOnAgent } from "./runOnAgent.ts"
import { agentFlags, file } from "./SharedFlags.ts"

/** Makes a command that reads a document and does `run` with its forma. */
export const documentCommand = <const Name extends CommandName>(
  name: Name,
  run: (agent: Agent["Service"], forma: Forma, options: CommandOptions) => Effect.Effect<CommandResult, CommandRefused>,
  openStore?: typeof Store.layerFile,
) =>
  Command.make(name, { file, ...agentFlags }, (flags) =>
    Effect.gen(function* () {
      const document = yield* withJsonError(flags.json, name)(readDocument(flags.file))
      yield* runOnAgent(
        name,
        flags,
        (agent, options) => run(agent, document.forma, options),
        failureIn(document),
        openStore,
      )
    }),
  )

/** An error caused by the document is bad input, and is reported with its position; anything else is a failure of the command. */
const failureIn =
  (document: DocumentFile) =>
  (error: CommandRefused): CommandFailure => {
    switch (error._tag) {
      case "FormaInvalid":
        return document.refuse(error)
      case "NamespaceUnknown": {
        const key = namespaceKey(error.namespace)
        const index = document.forma.resources.findIndex(({ type }) => namespaceKey(namespaceOf(type)) === key)
        if (index === -1) return badInput(error._tag, error.message)
        return document.refuse(
          new FormaInvalid({ issues: [{ path: ["resources", index, "type"], message: error.message }] }),
        )
      }
      default:
        return failed(error)
    }
  }
