/** The formae command as a process, in a folder of its own. */
import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command on its way, until its scope closes. */
export interface Begun {
  readonly pid: number
  /** Its code is NaN where it died of a signal. */
  readonly ended: Effect.Effect<Ended>
}

const begin = (cwd: string, args: ReadonlyArray<string>): Effect.Effect<Begun, never, Scope.Scope> =>
  Effect.gen(function* () {
    const ended = yield* Deferred.make<Ended>()
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        execFile(process.execPath, [main, ...args], { cwd }, (error, stdout, stderr) => {
          const code = error === null ? 0 : Number(error.code ?? Number.NaN)
          Deferred.doneUnsafe(ended, Effect.succeed({ code, stdout, stderr }))
        }),
      ),
      (running) => Effect.sync(() => running.kill("SIGKILL")),
    )
    const pid = yield* Effect.orDie(Effect.fromNullishOr(child.pid))
    return { pid, ended: Deferred.await(ended) }
  })

export const makeFolder = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-cli-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true })),
  )
  const at = (file: string) => join(folder, file)
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
    begin: (...args: ReadonlyArray<string>) => begin(folder, args),
    formae: (...args: ReadonlyArray<string>) =>
      Effect.scoped(Effect.flatMap(begin(folder, args), ({ ended }) => ended)),
  }
})
