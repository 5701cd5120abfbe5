/** The file of a saved plan. It is known by what is in it, and not by its name. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { isSavedPlan } from "../../agent/index.ts"
import { fileReason, folderReason } from "../../agent/store/fileReason.ts"
import { replaceFile } from "../../agent/store/replaceFile.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { isRegularFile, readInput, stdin } from "../InputFile.ts"

type Services = FileSystem.FileSystem | Path.Path

/** The text of the saved plan in `file`. Undefined where it is something else, or cannot be read. */
export const readSavedPlan = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string | undefined, never, Services> {
  if (!(yield* isRegularFile(file))) return undefined
  const text = yield* Effect.orElseSucceed(readInput("plan", file), () => "")
  return isSavedPlan(text) ? text : undefined
})

const notWritten = (file: string, reason: string): CommandFailure =>
  badInput("FileUnwritable", `The plan cannot be saved in ${file}: ${reason}. Nothing was saved`)

/** As much of a file as shows whether it is a plan. */
const startOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const open = yield* fs.open(file, { flag: "r" })
  const bytes = new Uint8Array(64)
  const read = yield* open.read(bytes)
  return new TextDecoder().decode(bytes.subarray(0, Number(read)))
}, Effect.scoped)

/** Fails where a plan may not be written to `file`, such as over a file that is not a plan. */
export const checkPlanPlace = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<void, CommandFailure, Services> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const unwritable =
    (reasonOf: (error: PlatformError) => string) =>
    (error: PlatformError): CommandFailure =>
      notWritten(file, reasonOf(error))
  if (file === stdin) return yield* notWritten(file, "a plan needs a file")
  yield* Effect.mapError(fs.stat(path.dirname(path.resolve(file))), unwritable(folderReason))
  if (!(yield* Effect.mapError(fs.exists(file), unwritable(fileReason)))) return
  if (!(yield* isRegularFile(file))) return yield* notWritten(file, "it is not a file")
  const start = yield* Effect.mapError(startOf(file), unwritable(fileReason))
  if (!isSavedPlan(start)) {
    return yield* notWritten(file, "there is a file that is not a saved plan. Name another file, or move it away")
  }
})

/** Writes a saved plan, for this user alone: the whole of it, or nothing. */
export const writeSavedPlan = Effect.fnUntraced(function* (
  file: string,
  text: string,
): Effect.fn.Return<void, CommandFailure, Services> {
  // Something else may have been put there while the plan was made.
  yield* checkPlanPlace(file)
  yield* Effect.mapError(replaceFile(file, text), (error) => notWritten(file, fileReason(error)))
})
