/** The package of formae itself: where it is, and what a new plugin takes from it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/index.ts"
import { withSlashes } from "../platform/paths.ts"

/** The folder of formae itself: a checkout, or the installed package. */
export const packageRoot = Effect.gen(function* () {
  const path = yield* Path.Path
  return path.resolve(path.dirname(yield* Effect.orDie(path.fromFileUrl(new URL(import.meta.url)))), "../..")
})

const isCheckout = import.meta.url.endsWith(".ts")

/** What `npm run pack` makes of the checkout in `root`. */
const tarballOf = (path: Path.Path, root: string) =>
  path.join(root, "packages", `formae-${SemVer.format(agentVersion)}.tgz`)

/** `root`, if it is a checkout that has not been packed. */
export const unpackedCheckout = Effect.fnUntraced(function* (root: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!isCheckout) return undefined
  return (yield* Effect.orDie(fs.exists(tarballOf(path, root)))) ? undefined : root
})

const PackageJson = Schema.fromJsonString(
  Schema.Struct({
    devDependencies: Schema.Struct({
      "@types/node": Schema.String,
      effect: Schema.String,
      typescript: Schema.String,
      vitest: Schema.String,
    }),
  }),
)

/** The versions of what a plugin needs. Those that formae itself is tested with are known to fit. */
export const packageVersions = Effect.fnUntraced(function* (root: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = yield* Effect.orDie(fs.readFileString(path.join(root, "package.json")))
  const { devDependencies } = yield* Effect.orDie(Schema.decodeEffect(PackageJson)(text))
  return {
    effect: devDependencies.effect,
    nodeTypes: devDependencies["@types/node"],
    typescript: devDependencies.typescript,
    vitest: devDependencies.vitest,
  }
})

const InstalledPackages = Schema.fromJsonString(
  Schema.Struct({
    packages: Schema.Record(Schema.String, Schema.Struct({ resolved: Schema.optionalKey(Schema.String) })),
  }),
)

/**
 * The formae that runs now, as a dependency of a package in `directory`: the
 * tarball of the checkout that it runs from, the file that it was installed from, or else its
 * version.
 */
export const ownDependency = Effect.fnUntraced(function* (root: string, directory: string) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  // npm takes slashes on each system, and a backslash on Windows only.
  const fromFile = (file: string) => `file:${withSlashes(path.sep, path.relative(directory, file))}`
  // A link to the checkout would find a second copy of effect there, and the checks of a schema fail in another copy.
  if (isCheckout) return fromFile(tarballOf(path, root))
  const modules = path.dirname(root)
  const installed = yield* Effect.option(
    Effect.flatMap(fs.readFileString(path.join(modules, ".package-lock.json")), Schema.decodeEffect(InstalledPackages)),
  )
  const resolved = Option.isSome(installed) ? installed.value.packages["node_modules/formae"]?.resolved : undefined
  return resolved?.startsWith("file:") === true
    ? fromFile(path.resolve(path.dirname(modules), resolved.slice("file:".length)))
    : SemVer.format(agentVersion)
})
