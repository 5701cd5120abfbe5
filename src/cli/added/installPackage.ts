/** Has npm install a package into a folder, and tells in words why it could not. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Stdio from "effect/Stdio"
import { adviceForRange } from "../advice/adviceForAdded.ts"
import { withAdvice } from "../advice/withAdvice.ts"
import { badInput, CommandFailure, exitCodes } from "../CommandFailure.ts"
import { movesCursor } from "../movesCursor.ts"
import { isNetworkError, type NpmError } from "../npm/NpmError.ts"
import { runNpm } from "../npm/runNpm.ts"
import { makeLiveLines, printProgress } from "../Outputs.ts"
import type { PackageSpec } from "./PackageSpec.ts"
import { lookUpVersions } from "./registryVersions.ts"

const nothing = "Nothing was changed"

/** No script of a package runs, and what was installed says where it is from, whatever the settings of the user say. */
const flags = [
  "--json",
  "--loglevel=http",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--no-global",
  "--no-dry-run",
  "--save",
  "--save-prod",
  "--omit=dev",
  "--package-lock",
  "--no-omit-lockfile-registry-resolved",
  "--install-strategy=hoisted",
]

/** As npm takes it. */
const wordOf = (spec: PackageSpec): string =>
  spec._tag === "Tarball" ? spec.path : spec.range === null ? spec.name : `${spec.name}@${spec.range}`

const failureWith = (exitCode: number, code: string, message: string): CommandFailure =>
  new CommandFailure({ exitCode, message, error: { code, message } })

/** Whether it was this package that was not found, and not one that it needs. */
const isNotFound = (name: string, { code, summary }: NpmError): boolean =>
  code === "E404" && summary.replaceAll(/%2f/gi, "/").endsWith(`/${name}`)

/** Whether it was this package of which no version fits. */
const fitsNothing = (word: string, { code, summary }: NpmError): boolean =>
  code === "ETARGET" && summary.includes(`for ${word}.`)

const failureOf = Effect.fnUntraced(function* (folder: string, spec: PackageSpec, error: NpmError) {
  const word = wordOf(spec)
  if (isNetworkError(error)) {
    return failureWith(
      exitCodes.failed,
      "RegistryUnreachable",
      `npm could not reach the registry for ${word}: ${error.summary}. ${nothing}. See whether this machine has a network, and whether "npm config get registry" names the right registry`,
    )
  }
  if (spec._tag === "Registry" && isNotFound(spec.name, error)) {
    return badInput(
      "PackageNotFound",
      `The registry has no package ${spec.name}, or you may not read it: ${error.summary}. ${nothing}. See whether the name is right; for a private package, log in with "npm login"`,
    )
  }
  if (spec._tag === "Registry" && fitsNothing(word, error)) {
    const versions = yield* lookUpVersions(folder, spec.name)
    const there = versions.length === 0 ? "" : `. There are ${versions.slice(-20).join(", ")}`
    const message = `No version of ${spec.name} fits ${spec.range ?? "latest"}${there}. ${nothing}`
    return new CommandFailure({
      ...badInput("VersionNotFound", message),
      message: withAdvice(message, adviceForRange(spec.name, versions)),
      error: { code: "VersionNotFound", message, facts: { versions: [...versions] } },
    })
  }
  const code = error.code === "" ? "" : ` (${error.code})`
  return failureWith(
    exitCodes.failed,
    "NpmFailed",
    `npm could not install ${word}: ${error.summary}${code}. ${nothing}`,
  )
})

/** On a terminal, what npm fetches is a line that is redrawn. */
const withNpmProgress = <A, E, R>(run: (onLine: (line: string) => Effect.Effect<void>) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    if (!(yield* movesCursor)) return yield* run(() => Effect.void)
    const live = yield* makeLiveLines
    return yield* run((line) =>
      Effect.sync(() => {
        const fetched = /^npm http fetch (.*)/.exec(line)?.[1]
        if (fetched !== undefined) live.draw(`  ${fetched}`)
      }),
    ).pipe(Effect.ensuring(Effect.sync(live.clear)))
  })

/** `folder` is empty, and will have the package in its node_modules. */
export const installPackage = Effect.fnUntraced(function* (
  folder: string,
  spec: PackageSpec,
): Effect.fn.Return<void, CommandFailure, ChildProcessSpawner | FileSystem.FileSystem | Path.Path | Stdio.Stdio> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* Effect.orDie(fs.writeFileString(path.join(folder, "package.json"), `{ "private": true }\n`))
  yield* printProgress(`npm fetches ${wordOf(spec)}`)
  const ended = yield* withNpmProgress((onLine) =>
    runNpm(folder, ["install", "--prefix", folder, ...flags, "--", wordOf(spec)], onLine),
  )
  if (ended._tag === "Failed") return yield* yield* failureOf(folder, spec, ended.error)
})
