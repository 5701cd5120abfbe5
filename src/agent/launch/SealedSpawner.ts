/**
 * Starts processes that inherit nothing but stdin, stdout and stderr. Node marks
 * what it opens, and the lowest of what it was started with, to be closed in the
 * programs that it starts. What is above reaches them: a shell that runs
 * `formae apply <(...)` leaves such a descriptor open.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import * as Stream from "effect/Stream"
import { ProcFiles } from "../../platform/ProcFiles.ts"
import { procFile } from "../../platform/systemFiles.ts"

/** `O_CLOEXEC` in the flags of /proc/self/fdinfo. */
const closeOnExec = 0o2000000

/** In the place of what would be inherited, a process gets a pipe that has ended. */
const endedPipe: ChildProcess.AdditionalFdConfig = { type: "input", stream: Stream.empty }

/** Replaces the spawner. Without /proc it is left as it is: on macOS nothing is inherited. */
export const layerSealedSpawner: Layer.Layer<ChildProcessSpawner, never, ChildProcessSpawner> = Layer.effect(
  ChildProcessSpawner,
  Effect.gen(function* () {
    const spawner = yield* ChildProcessSpawner
    const { list, read } = yield* ProcFiles
    const isInherited = (descriptor: string) => {
      const flags = flagsIn(read(procFile("self", "fdinfo", descriptor)))
      // Otherwise it was closed meanwhile.
      return flags !== undefined && (flags & closeOnExec) === 0
    }
    let atStart: ReadonlyArray<string> | undefined
    return make((command) =>
      Effect.suspend(() => {
        // What this process opens itself is marked, so that only what it has now can be inherited later.
        atStart ??= list(procFile("self", "fd")).filter((one) => Number(one) > 2 && isInherited(one))
        const still = atStart.filter(isInherited)
        return spawner.spawn(still.length === 0 ? command : sealed(command, still))
      }),
    )
  }),
)

/** They are in octal. */
const flagsIn = (info: string): number | undefined => {
  const flags = /^flags:\s*(\d+)/m.exec(info)?.[1]
  return flags === undefined ? undefined : Number.parseInt(flags, 8)
}

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
