/** What a command needs of its process, whatever it does. */
import * as Effect from "effect/Effect"
import { closeSync, openSync } from "node:fs"
import { devNull } from "node:os"
import { badInput, type CommandFailure } from "./CommandFailure.ts"

/** The files, pipes and sockets of a command with a few plugins. */
const descriptors = 32

const canOpen = (count: number): boolean => {
  const open: Array<number> = []
  try {
    while (open.length < count) open.push(openSync(devNull, "r"))
    return true
  } catch (error) {
    // Any other reason has nothing to do with how many are open.
    return !["EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code ?? "")
  } finally {
    for (const descriptor of open) closeSync(descriptor)
  }
}

const hasWorkingFolder = (): boolean => {
  try {
    return process.cwd() !== ""
  } catch {
    return false
  }
}

/** Fails if the process cannot run a command, before anything is done. */
export const checkProcess: Effect.Effect<void, CommandFailure> = Effect.suspend(() => {
  if (!hasWorkingFolder()) {
    return badInput(
      "WorkingFolderMissing",
      "The working folder was deleted, or this user may not enter it. Nothing was done. Change to a folder that exists, and run the command again",
    )
  }
  if (!canOpen(descriptors)) {
    return badInput(
      "TooFewDescriptors",
      `This process may not open the ${descriptors} files and pipes that a command needs. Nothing was done. Raise the limit, for instance with "ulimit -n 1024", and run the command again`,
    )
  }
  return Effect.void
})
