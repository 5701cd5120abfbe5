/** What is done around each write of a state file, so that it can be found again. */
import * as Data from "effect/Data"
import { watchIdentity } from "./FileIdentity.ts"
import { taken } from "./FileTrouble.ts"
import type { WriteCount } from "./WriteCount.ts"

/** The file that is open is not the one that the next command would open. */
export class FileTaken extends Data.TaggedError("FileTaken")<{ readonly message: string }> {}

export interface WriteGuard {
  /** The transaction that is committed now has written something. Returns its number. */
  readonly beforeCommit: () => number
  /** Throws `FileTaken` where what was written would not be found again. `count` is the number of the transaction, if it was one. */
  readonly afterWrite: (count: number | undefined) => void
}

/** `path` is how the next command will open the file `filename`. */
export const guardWrites = (count: WriteCount, filename: string, path: string): WriteGuard => {
  const movedPath = watchIdentity([path, `${filename}-wal`])
  return {
    beforeCommit: count.add,
    afterWrite: (written) => {
      const moved = movedPath()
      if (moved !== undefined) {
        const { reason, remedy } = taken(moved)
        throw new FileTaken({ message: `The state file ${path} cannot be used: ${reason}. ${remedy}` })
      }
      if (written !== undefined) count.publish(written)
    },
  }
}
