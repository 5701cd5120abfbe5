/** Reads the files that a command is given, and reports what is wrong in them. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Result from "effect/Result"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { formatPlaced, type PlacedIssue } from "../agent/index.ts"
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

/** The text of `file`. `what` says what it should be: "document", "configuration". */
export const readInput = Effect.fnUntraced(function* (
  what: string,
  file: string,
): Effect.fn.Return<string, CommandFailure, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.option(fs.stat(file))
  if (info._tag === "Some" && info.value.type === "Directory") return yield* unreadable(what, file, "it is a folder")
  const bytes = yield* Effect.mapError(fs.readFile(file), (error) => unreadable(what, file, fileReason(error)))
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
