/** The formae command as a process, in a folder of its own. */
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"

export const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const makeFolder = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-cli-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true })),
  )
  const at = (file: string) => join(folder, file)
  const formaeAs =
    (user: { readonly uid?: number; readonly gid?: number }) =>
    (...args: ReadonlyArray<string>) =>
      Effect.callback<Ended>((resume) => {
        const child = execFile(process.execPath, [main, ...args], { cwd: folder, ...user }, (error, stdout, stderr) => {
          resume(Effect.succeed({ code: error === null ? 0 : Number(error.code), stdout, stderr }))
        })
        return Effect.sync(() => child.kill("SIGKILL"))
      })
  return {
    at,
    textOf: (file: string) => readFileSync(at(file), "utf8"),
    has: (file: string) => existsSync(at(file)),
    write: (file: string, text: string) => {
      mkdirSync(dirname(at(file)), { recursive: true })
      writeFileSync(at(file), text)
    },
    /** All bytes of the files in a folder in it. */
    bytesIn: (part: string) =>
      readdirSync(at(part))
        .map((file) => readFileSync(join(at(part), file), "latin1"))
        .join(""),
    formae: formaeAs({}),
    /** As another user, if this one may do that. */
    formaeAs,
  }
})
