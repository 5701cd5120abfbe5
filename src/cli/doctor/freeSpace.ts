/** The space that is left on disks, for which Effect has no service. */
import * as Effect from "effect/Effect"
import { statfs } from "node:fs/promises"
import { tmpdir } from "node:os"

/** In bytes, on the disk of a folder. Undefined where the system does not tell. */
export const freeSpaceIn = (folder: string): Effect.Effect<number | undefined> =>
  Effect.match(
    Effect.tryPromise(() => statfs(folder)),
    { onFailure: () => undefined, onSuccess: ({ bavail, bsize }) => bavail * bsize },
  )

/** The folder for temporary files. */
export const temporaryFolder: Effect.Effect<string> = Effect.sync(tmpdir)
