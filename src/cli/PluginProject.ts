/** Writes the project of a new plugin from the templates that come with formae. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { makeFolder } from "../agent/store/DurableFolder.ts"
import { agentVersion } from "../agent/index.ts"
import { describeIssue, Namespace } from "../protocol/index.ts"
import { badInput, type CommandFailure } from "./CommandFailure.ts"
import { fillTemplate } from "./project/fillTemplate.ts"
import { ownDependency, packageRoot, packageVersions, unpackedCheckout } from "./OwnPackage.ts"

export interface PluginProject {
  readonly name: string
  readonly directory: string
  /** Derived from the name if undefined. */
  readonly namespace: string | undefined
  /** The dependency on formae in the form that npm takes. Undefined for this formae. */
  readonly formae: string | undefined
}

const decodeNamespace = Schema.decodeUnknownEffect(Namespace)

/** The name is without its dot in the templates: npm would leave a .gitignore out of the package, or obey it. */
const renamed: Readonly<Record<string, string>> = { gitignore: ".gitignore" }

export const writePluginProject = Effect.fnUntraced(function* (
  project: PluginProject,
): Effect.fn.Return<
  { readonly directory: string; readonly files: ReadonlyArray<string>; readonly unpacked: string | undefined },
  CommandFailure,
  FileSystem.FileSystem | Path.Path
> {
  const { directory, name } = project
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    return yield* badInput(
      "NameInvalid",
      `The plugin name ${name} is not valid: use lowercase letters, digits and dashes, and start with a letter or a digit`,
    )
  }
  const namespace = yield* Effect.mapError(decodeNamespace(project.namespace ?? pascal(name)), ({ issue }) =>
    badInput(
      "NamespaceInvalid",
      `The namespace ${project.namespace ?? pascal(name)} is not valid: ${describeIssue(issue)}`,
    ),
  )
  yield* mustBeEmpty(directory)

  const root = yield* packageRoot
  const versions = yield* packageVersions(root)
  const values: Readonly<Record<string, string>> = {
    name,
    namespace,
    version: SemVer.format(agentVersion),
    formae: project.formae ?? (yield* ownDependency(root, path.resolve(directory))),
    ...versions,
  }
  const templates = path.join(root, "templates", "plugin")
  const entries = yield* Effect.orDie(fs.readDirectory(templates, { recursive: true }))
  const files = yield* Effect.filter(entries.toSorted(), (entry) =>
    Effect.map(Effect.orDie(fs.stat(path.join(templates, entry))), ({ type }) => type === "File"),
  )
  const written = yield* Effect.forEach(files, (file) => {
    const target = path.join(directory, renamed[file] ?? file)
    return Effect.orDie(fs.readFileString(path.join(templates, file))).pipe(
      Effect.map((text) => fillTemplate(file, text, values)),
      Effect.tap(() => makeFolder(fs, path, path.dirname(path.resolve(target)), 0o777)),
      // "wx" overwrites no file, not even one that has appeared since the folder was checked.
      Effect.tap((text) => fs.writeFileString(target, text, { flag: "wx" })),
      Effect.as(renamed[file] ?? file),
      Effect.mapError(({ message }) => badInput("FileUnwritable", `${target} cannot be written: ${message}`)),
    )
  })
  return {
    directory,
    files: written,
    unpacked: project.formae === undefined ? yield* unpackedCheckout(root) : undefined,
  }
})

/** `my-cloud` becomes `MyCloud`. */
const pascal = (name: string): string =>
  name
    .split("-")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("")

const mustBeEmpty = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const present = yield* Effect.option(fs.stat(directory))
  if (Option.isNone(present)) return
  if (present.value.type !== "Directory") {
    return yield* badInput("FolderNotEmpty", `${directory} exists and is not a folder; nothing was written`)
  }
  const [first] = yield* Effect.mapError(fs.readDirectory(directory), ({ message }) =>
    badInput("FolderNotEmpty", `${directory} cannot be read: ${message}`),
  )
  if (first !== undefined) {
    return yield* badInput(
      "FolderNotEmpty",
      `The folder ${directory} is not empty: it contains ${first}; nothing was written`,
    )
  }
})
