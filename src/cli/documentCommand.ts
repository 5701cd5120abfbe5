/** The shape that `apply`, `plan` and `destroy` share: a document in, a result out. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import {
  type Agent,
  type CommandName,
  type CommandOptions,
  type CommandRefused,
  type CommandResult,
  type DocumentSource,
  type Forma,
  FormaInvalid,
  Store,
} from "../agent/index.ts"
import { namespaceKey, namespaceOf } from "../protocol/index.ts"
import { readConfig, stateFileOf } from "./AgentConfig.ts"
import { adviceForNamespace } from "./advice/adviceForNamespace.ts"
import { failed, refused } from "./agentFailures.ts"
import { badInput, type CommandFailure, withLine } from "./CommandFailure.ts"
import { type DocumentFile, readDocument } from "./DocumentFile.ts"
import { documentFlags } from "./document/documentFlags.ts"
import { withJsonError } from "./printResult.ts"
import { runOnAgent } from "./runOnAgent.ts"
import { agentFlags, file, movedHere, name as formaName } from "./SharedFlags.ts"

/** Makes a command that reads a document and does `run` with its forma. */
export const documentCommand = <const Name extends CommandName>(
  name: Name,
  run: (agent: Agent["Service"], forma: Forma, options: CommandOptions) => Effect.Effect<CommandResult, CommandRefused>,
  openStore?: typeof Store.layerFile,
) =>
  Command.make(name, { file, name: formaName, ...documentFlags, movedHere, ...agentFlags }, (flags) =>
    Effect.gen(function* () {
      const document = yield* withJsonError(flags.json, name)(readDocument(flags.file, flags))
      const config = yield* withJsonError(flags.json, name)(readConfig(flags.config))
      const { path } = document.source
      const source: DocumentSource = {
        ...document.source,
        relativePath: path === null ? null : yield* fromStateFolder(path, stateFileOf(flags, config)),
        hasMoved: flags.movedHere,
      }
      yield* runOnAgent(
        name,
        flags,
        (agent, options) => run(agent, document.forma, { ...options, document: source }),
        failureIn(document),
        openStore,
      )
    }),
  )

/** The path of a document from the folder of the state file, links resolved. */
const fromStateFolder = Effect.fnUntraced(function* (document: string, stateFile: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const real = yield* Effect.orElseSucceed(Store.followLinks(stateFile), () => stateFile)
  const folder = path.dirname(path.resolve(real))
  return path.relative(yield* Effect.orElseSucceed(fs.realPath(folder), () => folder), document)
})

/** An error caused by the document is bad input, and is reported with its position; anything else is a failure of the command. */
const failureIn =
  (document: DocumentFile) =>
  (error: CommandRefused): CommandFailure => {
    switch (error._tag) {
      case "DocumentConflict":
        return refused(error)
      case "FormaInvalid":
        return document.refuse(error)
      case "NamespaceUnknown": {
        const key = namespaceKey(error.namespace)
        const index = document.forma.resources.findIndex(({ type }) => namespaceKey(namespaceOf(type)) === key)
        if (index === -1) return badInput(error._tag, error.message)
        const refusal = document.refuse(
          new FormaInvalid({ issues: [{ path: ["resources", index, "type"], message: error.message }] }),
        )
        return error.refused === undefined ? withLine(refusal, adviceForNamespace(error.namespace)) : refusal
      }
      default:
        return failed(error)
    }
  }
