/** Reads the files that a command is given, and reports what is wrong in them. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import { formatPlaced, type PlacedIssue } from "../agent/index.ts"
import { badInput, type CommandFailure } from "./CommandFailure.ts"

/** The text of `file`. `what` says what it should be: "document", "configuration". */
export const readInput = Effect.fnUntraced(function* (
  what: string,
  file: string,
): Effect.fn.Return<string, CommandFailure, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.option(fs.stat(file))
  if (info._tag === "Some" && info.value.type === "Directory") return yield* unreadable(what, file, "it is a folder")
  return yield* Effect.mapError(fs.readFileString(file), (error) => unreadable(what, file, reasonOf(error)))
})

const unreadable = (what: string, file: string, reason: string): CommandFailure =>
  badInput("FileUnreadable", `The ${what} ${file} cannot be read: ${reason}`)

const reasonOf = ({ message, reason }: PlatformError): string => {
  switch (reason._tag) {
    case "NotFound":
      return "there is no such file"
    case "PermissionDenied":
      return "permission denied"
    default:
      return reason.description ?? message
  }
}

/** Refuses a file because of its issues, one line each: `net.yaml:7:12 resources[1].target: ...`. */
export const invalidFile =
  (code: string, file: string) =>
  (issues: ReadonlyArray<PlacedIssue>): CommandFailure =>
    badInput(code, issues.map((issue) => formatPlaced(issue, file)).join("\n"), issues)
