/** The package of formae itself: where it is, and what a new plugin takes from it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/index.ts"

/** The folder of formae itself: a checkout, or the installed package. */
export const packageRoot = Effect.gen(function* () {
  const path = yield* Path.Path
  return path.resolve(path.dirname(yield* Effect.orDie(path.fromFileUrl(new URL(import.meta.url)))), "../..")
})

const isCheckout = import.meta.url.endsWith(".ts")

/** `root`, if it is a checkout without what a package that depends on it imports. */
export const unbuiltCheckout = Effect.fnUntraced(function* (root: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!isCheckout) return undefined
  return (yield* Effect.orDie(fs.exists(path.join(root, "dist", "plugin", "index.d.ts")))) ? undefined : root
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
 * checkout that it runs from, the file that it was installed from, or else its
 * version.
 */
export const ownDependency = Effect.fnUntraced(function* (root: string, directory: string) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const fromFile = (file: string) => `file:${path.relative(directory, file)}`
  if (isCheckout) return fromFile(root)
  const modules = path.dirname(root)
  const installed = yield* Effect.option(
    Effect.flatMap(fs.readFileString(path.join(modules, ".package-lock.json")), Schema.decodeEffect(InstalledPackages)),
  )
  const resolved = Option.isSome(installed) ? installed.value.packages["node_modules/formae"]?.resolved : undefined
  return resolved?.startsWith("file:") === true
    ? fromFile(path.resolve(path.dirname(modules), resolved.slice("file:".length)))
    : SemVer.format(agentVersion)
})
