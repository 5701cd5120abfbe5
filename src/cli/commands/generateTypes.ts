import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { PluginCoordinator, Quarantines } from "../../agent/index.ts"
import { type AgentConfig, readConfig } from "../AgentConfig.ts"
import { failed } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { printTypeScript } from "../generate/printTypeScript.ts"
import { modelOf } from "../generate/ResourceModel.ts"
import { layerCoordinator } from "../layerCoordinator.ts"
import { printLast } from "../Outputs.ts"
import { pluginFolders } from "../pluginFolders.ts"
import { config, onlyPlugins, plugins, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"

const typescript = Flag.Boolean("typescript").pipe(
  Flag.withDescription("Write TypeScript: a module for Forma.resource of formae/agent"),
  Flag.withDefault(false),
)

const out = Flag.String("out").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The file to write; it is replaced if it exists (default: stdout)"),
  Flag.optional,
)

/** Starts the plugins in the folders, and asks each for its resource types. */
const askPlugins = (folders: ReadonlyArray<string>, settings: AgentConfig) =>
  Effect.gen(function* () {
    const coordinator = yield* PluginCoordinator
    const found = yield* coordinator.status
    if (found.length === 0) {
      return yield* badInput("NoPlugins", "No plugins were found; name a plugin folder with --plugins")
    }
    const types = yield* Effect.forEach(
      found,
      ({ entry }) => Effect.mapError(coordinator.capabilities(entry.manifest.namespace, "all"), failed),
      { concurrency: "unbounded" },
    )
    return types.flatMap((served) => [...served.values()])
  }).pipe(Effect.provide(layerCoordinator(folders, settings).pipe(Layer.provide(Quarantines.layerMemory))))

const write = Effect.fnUntraced(function* (file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* makeFolder(fs, path, path.dirname(path.resolve(file)), 0o777).pipe(
    Effect.andThen(fs.writeFileString(file, text)),
    Effect.mapError(({ message }) => badInput("FileUnwritable", `${file} cannot be written: ${message}`)),
  )
})

export const generateTypes = Command.make("types", { typescript, plugins, onlyPlugins, config, trust, out }, (flags) =>
  Effect.gen(function* () {
    if (!flags.typescript) {
      return yield* badInput("LanguageMissing", "Name the language of the types: formae types --typescript")
    }
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["plugins"])
    const text = printTypeScript(modelOf(yield* askPlugins(yield* pluginFolders(flags, settings), settings)))
    yield* Option.match(flags.out, {
      onNone: () => printLast(...text.trimEnd().split("\n")),
      onSome: (file) => write(file, text),
    })
  }).pipe(Effect.scoped),
).pipe(
  Command.withDescription(
    "Write the resource types of plugins as types of a programming language, so that its compiler checks a forma that is built in code",
  ),
  Command.withExamples([
    {
      command: "formae types --typescript --only-plugins .formae/plugins --out resources.ts",
      description: "Write the types of the plugins in a folder",
    },
  ]),
)
