/**
 * Starts processes that inherit nothing but stdin, stdout and stderr. Node marks
 * what it opens, and the lowest of what it was started with, to be closed in the
 * programs that it starts. What is above reaches them: a shell that runs
 * `formae apply <(...)` leaves such a descriptor open.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import * as Stream from "effect/Stream"
import { procFile } from "../../platform/systemFiles.ts"

/** `O_CLOEXEC` in the flags of /proc/self/fdinfo. */
const closeOnExec = 0o2000000

/** In the place of what would be inherited, a process gets a pipe that has ended. */
const endedPipe: ChildProcess.AdditionalFdConfig = { type: "input", stream: Stream.empty }

/** Replaces the spawner. Without /proc it is left as it is: on macOS nothing is inherited. */
export const layerSealedSpawner: Layer.Layer<ChildProcessSpawner, never, ChildProcessSpawner | FileSystem.FileSystem> =
  Layer.effect(
    ChildProcessSpawner,
    Effect.gen(function* () {
      const spawner = yield* ChildProcessSpawner
      const fs = yield* FileSystem.FileSystem
      const isInherited = (descriptor: string) =>
        fs.readFileString(procFile("self", "fdinfo", descriptor)).pipe(
          Effect.map((info) => (flagsIn(info) & closeOnExec) === 0),
          // It was closed meanwhile.
          Effect.orElseSucceed(() => false),
        )
      // What this process opens itself is marked, so that only what it has now can be inherited later.
      const atStart = yield* fs.readDirectory(procFile("self", "fd")).pipe(
        Effect.orElseSucceed(() => []),
        Effect.map((all) => all.filter((descriptor) => Number(descriptor) > 2)),
        Effect.flatMap((all) => Effect.filter(all, isInherited, { concurrency: "unbounded" })),
        Effect.cached,
      )
      return make((command) =>
        Effect.flatMap(atStart, (descriptors) =>
          descriptors.length === 0
            ? spawner.spawn(command)
            : Effect.flatMap(Effect.filter(descriptors, isInherited), (still) => spawner.spawn(sealed(command, still))),
        ),
      )
    }),
  )

/** In octal. */
const flagsIn = (info: string): number => Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "", 8)

const sealed = (command: ChildProcess.Command, descriptors: ReadonlyArray<string>): ChildProcess.Command =>
  command._tag === "StandardCommand"
    ? ChildProcess.make(command.command, command.args, {
        ...command.options,
        additionalFds: {
          ...Object.fromEntries(descriptors.map((descriptor) => [`fd${descriptor}`, endedPipe])),
          ...command.options.additionalFds,
        },
      })
    : command
