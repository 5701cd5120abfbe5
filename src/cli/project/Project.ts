/** The project of npm that a folder is in, and the plugins among its dependencies. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { manifestFile } from "../../agent/catalog/Manifest.ts"
import { isInside } from "../../agent/catalog/isInside.ts"
import { unportable } from "../../agent/catalog/portablePath.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { upwards } from "../config/upwards.ts"
import { ThisUser } from "../trust/ThisUser.ts"
import { directDependencies, hasDependencies, manifestIn, PackageFields } from "./packageFields.ts"

/** A package among the dependencies that says that it is a plugin. */
export interface PluginPackage {
  readonly name: string
  /** Its folder, without links. */
  readonly directory: string
  /** The path of its manifest, which may be missing. */
  readonly manifest: string
  /** Whether it runs code of other packages too. */
  readonly hasDependencies: boolean
}

export interface Project {
  /** The folder of its package.json, without links. */
  readonly folder: string
  readonly plugins: ReadonlyArray<PluginPackage>
}

const decodeFields = Schema.decodeUnknownEffect(Schema.fromJsonString(PackageFields))

const readFields = (file: string) =>
  FileSystem.FileSystem.use((fs) => Effect.flatMap(fs.readFileString(file), decodeFields))

const isFile = (file: string) =>
  FileSystem.FileSystem.use((fs) =>
    Effect.match(fs.stat(file), { onFailure: () => false, onSuccess: ({ type }) => type === "File" }),
  )

/** The nearest of some files, in `folder` or above it. */
export const findUpwards = Effect.fnUntraced(function* (folder: string, ...names: ReadonlyArray<string>) {
  const path = yield* Path.Path
  const files = upwards(path, folder).flatMap((one) => names.map((name) => path.join(one, name)))
  for (const file of files) if (yield* isFile(file)) return file
  return undefined
})

/** A dependency is where Node finds it: in the nearest node_modules that has it, which may be that of a workspace above. */
const findPlugin = Effect.fnUntraced(function* (folder: string, name: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = yield* findUpwards(folder, path.join("node_modules", name, "package.json"))
  if (file === undefined) return []
  // A package that cannot be read is not looked at: npm and Node say what is wrong with it.
  const read = yield* Effect.option(Effect.all([fs.realPath(path.dirname(file)), readFields(file)]))
  if (Option.isNone(read)) return []
  const [directory, fields] = read.value
  const named = manifestIn(fields)
  if (named === undefined) return []
  const manifest = path.resolve(directory, named)
  const isThere =
    unportable(named) === undefined && path.basename(manifest) === manifestFile && isInside(path, directory, manifest)
  const found: PluginPackage = {
    name,
    directory,
    // Where the field leads out of the package, or means another file on another system, the catalog says that there is no manifest in it.
    manifest: isThere ? manifest : path.join(directory, manifestFile),
    hasDependencies: hasDependencies(fields),
  }
  return [found]
})

/** The project whose package.json is in `folder`, without links. Fails if it cannot be read. */
export const readProject = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<Project, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const file = path.join(folder, "package.json")
  const fields = yield* Effect.mapError(readFields(file), () =>
    badInput(
      "ProjectUnreadable",
      `${file} cannot be read, so it is not known which plugins the project has: it is not a package.json as npm writes it`,
    ),
  )
  const plugins = yield* Effect.forEach(directDependencies(fields), (name) => findPlugin(folder, name), {
    concurrency: 16,
  })
  return { folder, plugins: plugins.flat() }
})

/** Whether this user wrote the file. What others leave in a folder above, such as /tmp, makes no project. */
const isOwn = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const { owns } = yield* ThisUser
  return yield* Effect.match(fs.stat(file), {
    onFailure: () => false,
    onSuccess: ({ uid }) => owns(Option.getOrUndefined(uid)),
  })
})

/** The project that `folder` is in. Undefined where there is no package.json in it or above it, and where the nearest belongs to another user. */
export const findProject = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<Project | undefined, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const real = yield* Effect.orElseSucceed(fs.realPath(folder), () => path.resolve(folder))
  const file = yield* findUpwards(real, "package.json")
  return file !== undefined && (yield* isOwn(file)) ? yield* readProject(path.dirname(file)) : undefined
})
