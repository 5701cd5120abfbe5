import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Quarantines, validateForma } from "../../agent/index.ts"
import { type AgentConfig, readConfig } from "../AgentConfig.ts"
import { type DocumentFile, readDocument } from "../DocumentFile.ts"
import { documentFlags } from "../document/documentFlags.ts"
import { failureIn } from "../documentFailure.ts"
import { layerCoordinator } from "../layerCoordinator.ts"
import { printJson, printLast } from "../Outputs.ts"
import { pluginFolders } from "../pluginFolders.ts"
import { withJsonError } from "../printResult.ts"
import { config, file, json, name, onlyPlugins, plugins, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"

const checkByPlugins = (document: DocumentFile, folders: ReadonlyArray<string>, settings: AgentConfig) =>
  validateForma(document.forma).pipe(
    Effect.mapError(failureIn(document)),
    Effect.provide(layerCoordinator(folders, settings).pipe(Layer.provide(Quarantines.layerMemory))),
  )

export const validate = Command.make(
  "validate",
  { file, name, ...documentFlags, json, plugins, onlyPlugins, config, trust },
  (flags) =>
    Effect.gen(function* () {
      const document = yield* readDocument(flags.file, flags)
      const settings = yield* readConfig(flags.config)
      yield* requireTrust(flags, settings, ["plugins"])
      yield* checkByPlugins(document, yield* pluginFolders(flags, settings), settings)
      const { name: forma, resources } = document.forma
      const count = resources.length === 1 ? "1 resource" : `${resources.length} resources`
      yield* flags.json
        ? printJson({
            command: "validate",
            status: "succeeded",
            forma,
            resources: resources.map(({ label, type }) => ({ label, type })),
          })
        : printLast(`The document ${forma} is valid: ${count}. Its providers were not asked`)
    }).pipe(Effect.scoped, withJsonError(flags.json, "validate")),
).pipe(
  Command.withDescription(
    "Check a document as far as that can be done without its providers: form, types, properties, references. Plugins are started and asked for their types; nothing is written, and no state is read",
  ),
  Command.withExamples([
    { command: "formae validate network.yaml", description: "Check a document; the exit code is 2 if it has mistakes" },
    { command: "formae validate - --name network --json", description: "Check a document from a pipe, for an editor" },
  ]),
)
