/** Runs npm in a folder of its own, and reads what it says. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Stream from "effect/Stream"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { findNpm } from "./findNpm.ts"
import { readNpmError, type NpmError } from "./NpmError.ts"

/** How much of what npm prints is kept. */
const maxCharacters = 1024 * 1024

const maxLines = 20

export type NpmEnd =
  | { readonly _tag: "Succeeded"; readonly printed: string }
  | { readonly _tag: "Failed"; readonly error: NpmError }

/**
 * `folder` is where npm looks for a project and its settings, so that those of
 * the current folder do not count. The settings of the user do.
 */
export const runNpm = (
  folder: string,
  args: ReadonlyArray<string>,
  onLine: (line: string) => Effect.Effect<void> = () => Effect.void,
): Effect.Effect<NpmEnd, CommandFailure, ChildProcessSpawner | FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const npm = yield* findNpm
    const started = Effect.gen(function* () {
      const handle = yield* ChildProcess.make(npm.command, [...npm.args, ...args], {
        cwd: folder,
        stdin: "ignore",
        forceKillAfter: "2 seconds",
      })
      let printed = ""
      const last: Array<string> = []
      const readOut = Stream.runForEach(Stream.decodeText(handle.stdout), (text) =>
        Effect.sync(() => {
          printed = (printed + text).slice(0, maxCharacters)
        }),
      )
      const readErr = Stream.runForEach(Stream.splitLines(Stream.decodeText(handle.stderr)), (line) => {
        last.push(line)
        if (last.length > maxLines) last.shift()
        return onLine(line)
      })
      const [code] = yield* Effect.all([handle.exitCode, readOut, readErr], { concurrency: 3 })
      return { code, printed, last }
    })
    const { code, last, printed } = yield* Effect.mapError(
      Effect.scoped(started),
      ({ message }) =>
        new CommandFailure({
          exitCode: exitCodes.failed,
          message: `npm (${npm.command}) could not be run: ${message}`,
          error: { code: "NpmFailed", message: `npm (${npm.command}) could not be run: ${message}` },
        }),
    )
    return code === 0 ? { _tag: "Succeeded", printed } : { _tag: "Failed", error: readNpmError(printed, last) }
  })
