/** How much memory a process has resident. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { procFile } from "../../platform/systemFiles.ts"

/** The size of a page wherever Node runs on Linux, except for some arm64 kernels, which have larger ones. */
const pageBytes = 4_096

/** Tells how much memory a plugin uses, for its cap. Never fails. */
export class ProcessMemory extends Context.Service<
  ProcessMemory,
  {
    /** The resident memory of a process in MiB; none if it is not known. */
    readonly residentMiB: (pid: number) => Effect.Effect<Option.Option<number>>
  }
>()("formae/agent/launch/ProcessMemory") {
  /** Read from /proc, if there is one. */
  static readonly layerProc: Layer.Layer<ProcessMemory, never, FileSystem.FileSystem> = Layer.effect(
    ProcessMemory,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      return ProcessMemory.of({
        residentMiB: (pid) =>
          Effect.option(fs.readFileString(procFile(pid, "statm"))).pipe(
            Effect.map(Option.map((statm) => Math.round((Number(statm.split(" ")[1]) * pageBytes) / 2 ** 20))),
          ),
      })
    }),
  )

  /** Knows of no process. */
  static readonly layerNone = Layer.succeed(ProcessMemory, ProcessMemory.of({ residentMiB: () => Effect.succeedNone }))
}
