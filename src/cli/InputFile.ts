/** Reads the files that a command is given, and reports what is wrong in them. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Result from "effect/Result"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { formatPlaced, type PlacedIssue } from "../agent/index.ts"
import { listNames, nearestName } from "../agent/forma/nearestName.ts"
import { decodeUtf8 } from "./decodeUtf8.ts"
import { badInput, badLines, type CommandFailure } from "./CommandFailure.ts"
import { fileReason } from "../agent/store/fileReason.ts"

/** What a user writes for standard input. */
export const stdin = "-"

/** The text of standard input. */
export const readStdin = Effect.fnUntraced(function* (
  what: string,
): Effect.fn.Return<string, CommandFailure, Stdio.Stdio> {
  const stdio = yield* Stdio.Stdio
  const bytes = yield* Effect.mapError(Stream.runCollect(stdio.stdin), (error) =>
    unreadable(what, "on stdin", fileReason(error)),
  )
  return yield* textOf(what, "on stdin", Buffer.concat(bytes))
})

/** Those that are neither YAML nor JSON. What else is asked for may be written in either. */
const otherKinds: ReadonlySet<string> = new Set(["certificate", "key", "token"])

/** What was probably meant by a file that is not there. */
const whatIsThere = Effect.fnUntraced(function* (
  what: string,
  file: string,
): Effect.fn.Return<string, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(file)
  const names = yield* Effect.option(fs.readDirectory(folder))
  if (names._tag === "None") return `, and no folder ${folder} that can be read; look at the path`
  if (names.value.includes(path.basename(file))) return ", because it is a link that leads nowhere; take it out"
  const isOther = otherKinds.has(what)
  const ending = path.extname(file)
  const isOfKind = (name: string) => (isOther ? path.extname(name) === ending : /\.(json|ya?ml)$/i.test(name))
  const known = names.value.filter((name) => isOfKind(name) && !name.startsWith(".")).toSorted()
  const withoutExtension = (name: string) => path.parse(name).name
  const meant = nearestName(withoutExtension(file), known.map(withoutExtension))
  const nearest = known.find((name) => withoutExtension(name) === meant)
  if (nearest !== undefined) return `; did you mean ${nearest}?`
  // Without an ending it may be called anything.
  if (isOther && ending === "") return ""
  return `; ${listNames(`${isOther ? ending : "YAML and JSON"} files there`, known)}`
})

/** The text of `file`. `what` says what it should be: "document", "certificate". */
export const readInput = Effect.fnUntraced(function* (
  what: string,
  file: string,
): Effect.fn.Return<string, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.option(fs.stat(file))
  if (info._tag === "Some" && info.value.type === "Directory") return yield* unreadable(what, file, "it is a folder")
  const bytes = yield* Effect.catch(fs.readFile(file), (error) =>
    Effect.flatMap(error.reason._tag === "NotFound" ? whatIsThere(what, file) : Effect.succeed(""), (hint) =>
      Effect.fail(unreadable(what, file, `${fileReason(error)}${hint}`)),
    ),
  )
  return yield* textOf(what, file, bytes)
})

const textOf = (what: string, file: string, bytes: Uint8Array): Effect.Effect<string, CommandFailure> =>
  Result.match(decodeUtf8(bytes), {
    onFailure: (reason) => Effect.fail(unreadable(what, file, reason)),
    onSuccess: Effect.succeed,
  })

/** Whether `file` has a name and a place of its own. A pipe and a descriptor have none. */
export const isRegularFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<boolean, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  // `/dev/stdin` and `/dev/fd/3` may lead to a file, but do not have its name.
  if (file === stdin || /^\/(proc\/|dev\/(fd\/|std(in|out|err)$))/.test(path.resolve(file))) return false
  const info = yield* Effect.option(fs.stat(file))
  return info._tag === "Some" && info.value.type === "File"
})

const unreadable = (what: string, file: string, reason: string): CommandFailure =>
  badInput("FileUnreadable", `The ${what} ${file} cannot be read: ${reason}`)

const remedyFor = ({ reason }: PlatformError): string =>
  reason._tag === "PermissionDenied"
    ? "Give this user access to the folders on the way to it, or run formae as their owner"
    : "Move away what is in the place of it, or of a folder on the way to it"

/** A place that cannot even be looked at, such as one in a folder that this user may not enter. */
export const unreachable = (file: string, error: PlatformError): CommandFailure =>
  badInput(
    "FileUnreadable",
    `${file} cannot be looked for: ${fileReason(error)}. Nothing was done. ${remedyFor(error)}`,
  )

/** Whether there is a file. Fails where this user may not know. */
export const fileExists = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<boolean, CommandFailure, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.mapError(fs.exists(file), (error) => unreachable(file, error))
})

/** Refuses a file because of its issues, one line each: `net.yaml:7:12 resources[1].target: ...`. */
export const invalidFile =
  (code: string, file: string) =>
  (issues: ReadonlyArray<PlacedIssue>): CommandFailure =>
    badLines(
      code,
      issues.map((issue) => formatPlaced(issue, file)),
      issues,
    )
