/** Looks at a package that npm has installed, before it counts: whether it is a plugin that this agent can run. Nothing of it is run. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { Catalog, type CatalogEntry } from "../../agent/index.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { readProject } from "../project/Project.ts"
import { fileSums } from "../trust/fileSums.ts"
import { trustFailure } from "../trust/trustFailure.ts"
import { type AddedVersion, withoutCredentials } from "./AddedPlugins.ts"

const Installed = Schema.Struct({
  packages: Schema.Record(
    Schema.String,
    Schema.Struct({
      version: Schema.optionalKey(Schema.String),
      resolved: Schema.optionalKey(Schema.String),
      integrity: Schema.optionalKey(Schema.String),
    }),
  ),
})

const Dependencies = Schema.Struct({ dependencies: Schema.Record(Schema.String, Schema.Unknown) })

const decodeInstalled = Schema.decodeEffect(Schema.fromJsonString(Installed))
const decodeDependencies = Schema.decodeEffect(Schema.fromJsonString(Dependencies))

export interface InspectedPackage {
  readonly name: string
  readonly version: Omit<AddedVersion, "folder">
  readonly entry: CatalogEntry
}

const unreadable = (what: string) => () =>
  badInput(
    "PackageUnusable",
    `npm has installed ${what}, but what it has written about it cannot be read. Nothing was changed`,
  )

/** `folder` is that of npm, with what it was told to install and nothing else. `what` is what the user has typed. */
export const inspectPackage = Effect.fnUntraced(function* (
  folder: string,
  what: string,
): Effect.fn.Return<InspectedPackage, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const read = (...file: ReadonlyArray<string>) => fs.readFileString(path.join(folder, ...file))
  const { dependencies } = yield* Effect.mapError(
    Effect.flatMap(read("package.json"), decodeDependencies),
    unreadable(what),
  )
  const [name = ""] = Object.keys(dependencies)
  const { packages } = yield* Effect.mapError(
    Effect.flatMap(read("node_modules", ".package-lock.json"), decodeInstalled),
    unreadable(what),
  )
  const { integrity = "", resolved = "", version = "" } = packages[`node_modules/${name}`] ?? {}
  const title = `${name} ${version}`
  const found = (yield* readProject(folder)).plugins.find((one) => one.name === name)
  if (found === undefined) {
    return yield* badInput(
      "NotAPlugin",
      `${title} is not a plugin of formae: its package.json has no field "formae": { "plugin": "./formae-plugin.json" }. Nothing was changed`,
    )
  }
  const { entries, rejected } = yield* Effect.provide(Catalog, Catalog.layerDirectories([found.manifest]))
  const [entry] = entries
  if (entry === undefined) {
    const reason = rejected[0]?.reason ?? "it cannot be read"
    return yield* badInput("PluginUnusable", `The plugin in ${title} cannot be used: ${reason}. Nothing was changed`)
  }
  const files = yield* Effect.mapError(fileSums(found.directory), trustFailure)
  const runs = path.relative(found.directory, entry.entryPath)
  const sha256 = Object.hasOwn(files, runs) ? files[runs] : undefined
  if (sha256 === undefined) {
    return yield* badInput(
      "PluginUnusable",
      `The plugin in ${title} cannot be used: its entry ${runs} is not a file of the package itself. Nothing was changed`,
    )
  }
  const { manifest } = entry
  return {
    name,
    entry,
    version: {
      version,
      manifest: path.relative(found.directory, found.manifest),
      plugin: { name: manifest.name, namespace: manifest.namespace, version: manifest.version },
      resolved: withoutCredentials(resolved),
      integrity,
      entry: { path: runs, sha256 },
      files,
    },
  }
})
