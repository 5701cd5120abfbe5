/** The processes that belong to a launch, whatever group they are in and whichever their parent is by now. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type { LaunchId } from "../../protocol/Identity.ts"
import { sendSignal } from "../../platform/signals.ts"
import { proc, procFile } from "../../platform/systemFiles.ts"
import { parseProcessStat } from "../../platform/ProcessStat.ts"
import { ProcFiles } from "../../platform/ProcFiles.ts"
import { environment } from "../../protocol/LaunchVariables.ts"
import { readProcesses } from "./ProcessTable.ts"

/** How many environments are read at the same time. */
const concurrency = 16

/** A process, and the process group that it is in. */
export interface LaunchProcess {
  /** Its process id. */
  readonly pid: number
  /** The process group that it is in: the pid of the leader. */
  readonly group: number
}

/** Finds the processes of a launch by the id that they have inherited in their environment. Never fails. */
export class LaunchProcesses extends Context.Service<
  LaunchProcesses,
  {
    /**
     * The processes that live and were started with this id. Not found are those whose
     * environment was cleared or overwritten, and those of other users.
     */
    readonly find: (launch: LaunchId) => Effect.Effect<ReadonlyArray<LaunchProcess>>
    /** Sends a signal to a process, if it is there. */
    readonly signal: (pid: number, signal: "SIGTERM" | "SIGKILL") => Effect.Effect<void>
  }
>()("formae/agent/launch/LaunchProcesses") {
  /** Read from /proc. Where there is none, nothing is found. */
  static readonly layerProc: Layer.Layer<LaunchProcesses, never, FileSystem.FileSystem> = Layer.effect(
    LaunchProcesses,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const files = yield* ProcFiles
      // What a plugin has started is younger than this process, and most processes are not.
      const since = Number(parseProcessStat(files.read(procFile("self", "stat")))?.startTime ?? 0)
      const variablesOf = (pid: number) => Effect.orElseSucceed(fs.readFileString(procFile(pid, "environ")), () => "")
      return LaunchProcesses.of({
        find: Effect.fnUntraced(function* (launch) {
          const entry = `${environment.launch}=${launch}`
          const young = (yield* readProcesses(files, proc)).filter(({ startTime }) => Number(startTime) >= since)
          const found = yield* Effect.filter(
            young,
            // A zombie has no environment, so it is not taken for a process that lives.
            ({ pid }) => Effect.map(variablesOf(pid), (variables) => variables.split("\0").includes(entry)),
            { concurrency },
          )
          return found.map(({ group, pid }) => ({ pid, group }))
        }),
        signal: (pid, signal) => Effect.ignore(Effect.try(() => sendSignal(pid, signal))),
      })
    }),
  )

  /** Finds nothing. */
  static readonly layerNone = Layer.succeed(
    LaunchProcesses,
    LaunchProcesses.of({ find: () => Effect.succeed([]), signal: () => Effect.void }),
  )
}
