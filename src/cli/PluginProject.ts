/** Writes the project of a new plugin from the templates that come with formae. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/index.ts"
import { describeIssue, Namespace } from "../protocol/index.ts"
import { badInput, type CommandFailure } from "./CommandFailure.ts"

export interface PluginProject {
  readonly name: string
  readonly directory: string
  /** Derived from the name if undefined. */
  readonly namespace: string | undefined
  /** The dependency on formae in the form that npm takes. Undefined for this formae. */
  readonly formae: string | undefined
}

const decodeNamespace = Schema.decodeUnknownEffect(Namespace)

/** The versions that the templates take from the package of formae itself, because they are known to fit. */
const OwnPackage = Schema.fromJsonString(
  Schema.Struct({
    dependencies: Schema.Struct({ effect: Schema.String }),
    devDependencies: Schema.Struct({
      "@types/node": Schema.String,
      typescript: Schema.String,
      vitest: Schema.String,
    }),
  }),
)

/** The name is without its dot in the templates: npm would leave a .gitignore out of the package, or obey it. */
const renamed: Readonly<Record<string, string>> = { gitignore: ".gitignore" }

export const writePluginProject = Effect.fnUntraced(function* (
  project: PluginProject,
): Effect.fn.Return<
  { readonly directory: string; readonly files: ReadonlyArray<string> },
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
  const own = yield* Effect.orDie(
    Effect.flatMap(fs.readFileString(path.join(root, "package.json")), Schema.decodeEffect(OwnPackage)),
  )
  const values: Readonly<Record<string, string>> = {
    name,
    namespace,
    version: SemVer.format(agentVersion),
    formae: project.formae ?? (yield* ownDependency(root, path.resolve(directory))),
    effect: own.dependencies.effect,
    nodeTypes: own.devDependencies["@types/node"],
    typescript: own.devDependencies.typescript,
    vitest: own.devDependencies.vitest,
  }
  const templates = path.join(root, "templates", "plugin")
  const entries = yield* Effect.orDie(fs.readDirectory(templates, { recursive: true }))
  const files = yield* Effect.filter(entries.toSorted(), (entry) =>
    Effect.map(Effect.orDie(fs.stat(path.join(templates, entry))), ({ type }) => type === "File"),
  )
  const written = yield* Effect.forEach(files, (file) => {
    const target = path.join(directory, renamed[file] ?? file)
    return Effect.orDie(fs.readFileString(path.join(templates, file))).pipe(
      Effect.map((text) => text.replaceAll(/__(\w+?)__/g, (whole, key: string) => values[key] ?? whole)),
      Effect.tap(() => fs.makeDirectory(path.dirname(target), { recursive: true })),
      // "wx" overwrites no file, not even one that has appeared since the folder was checked.
      Effect.tap((text) => fs.writeFileString(target, text, { flag: "wx" })),
      Effect.as(renamed[file] ?? file),
      Effect.mapError(({ message }) => badInput("FileUnwritable", `${target} cannot be written: ${message}`)),
    )
  })
  return { directory, files: written }
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

/** The folder of formae itself: a checkout, or the installed package. */
const packageRoot = Effect.gen(function* () {
  const path = yield* Path.Path
  return path.resolve(path.dirname(yield* Effect.orDie(path.fromFileUrl(new URL(import.meta.url)))), "../..")
})

const InstalledPackages = Schema.fromJsonString(
  Schema.Struct({
    packages: Schema.Record(Schema.String, Schema.Struct({ resolved: Schema.optionalKey(Schema.String) })),
  }),
)

/**
 * The formae that runs now, as a dependency: the checkout that it runs from,
 * the file that it was installed from, or else its version.
 */
const ownDependency = Effect.fnUntraced(function* (root: string, directory: string) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const fromFile = (file: string) => `file:${path.relative(directory, file)}`
  if (import.meta.url.endsWith(".ts")) return fromFile(root)
  const modules = path.dirname(root)
  const installed = yield* Effect.option(
    Effect.flatMap(fs.readFileString(path.join(modules, ".package-lock.json")), Schema.decodeEffect(InstalledPackages)),
  )
  const resolved = Option.isSome(installed) ? installed.value.packages["node_modules/formae"]?.resolved : undefined
  return resolved?.startsWith("file:") === true
    ? fromFile(path.resolve(path.dirname(modules), resolved.slice("file:".length)))
    : SemVer.format(agentVersion)
})
