/** How much memory a process has resident. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { within } from "../../platform/paths.ts"
import { kibibytesIn } from "../../platform/ProcessStat.ts"
import { proc as systemProc } from "../../platform/systemFiles.ts"

/** Tells how much memory a plugin uses, for its cap. Never fails. */
export class ProcessMemory extends Context.Service<
  ProcessMemory,
  {
    /** The resident memory of a process in MiB; none if it is not known. */
    readonly residentMiB: (pid: number) => Effect.Effect<Option.Option<number>>
  }
>()("formae/agent/launch/ProcessMemory") {
  /**
   * Read from `/proc`, or from a folder in its place. Not from statm, which
   * counts pages: they are not 4 KiB everywhere.
   */
  static readonly layerProc = (proc = systemProc): Layer.Layer<ProcessMemory, never, FileSystem.FileSystem> =>
    Layer.effect(
      ProcessMemory,
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        return ProcessMemory.of({
          residentMiB: (pid) =>
            Effect.option(fs.readFileString(within(within(proc, String(pid)), "status"))).pipe(
              Effect.map(Option.flatMap((status) => Option.fromUndefinedOr(kibibytesIn(status, "VmRSS")))),
              Effect.map(Option.map((kibibytes) => Math.round(kibibytes / 1_024))),
            ),
        })
      }),
    )

  /** Knows of no process. */
  static readonly layerNone = Layer.succeed(ProcessMemory, ProcessMemory.of({ residentMiB: () => Effect.succeedNone }))
}
