/** A folder that is removed at the end of the test. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"

export const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-store-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
)
