/** The processes of agents on this host: this process, and whether another one is still running. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { parseProcessStat, type ProcessStat } from "../../platform/ProcessStat.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { isProcess } from "../../platform/signals.ts"
import { proc as systemProc } from "../../platform/systemFiles.ts"
import { canSee, formatStart, isSameStart, namespaceIn } from "./ProcessStart.ts"

/** Identifies the process of an agent, so that another agent can tell whether it is still running. */
export class AgentProcesses extends Context.Service<
  AgentProcesses,
  {
    /** The id of this process. */
    readonly pid: number
    /** The name of this host. */
    readonly host: string
    /** Distinguishes this process from all others that ever have its id. Null where the system does not tell. */
    readonly start: string | null
    /**
     * Whether the process with the id `pid` and this `start` is running on this
     * host. Where the start of either is not known, any process with that id counts.
     */
    readonly isRunning: (pid: number, start: string | null) => Effect.Effect<boolean>
    /**
     * Whether a process of a host of this name, with this `start`, would be seen
     * here. False for one of another container.
     */
    readonly canSee: (start: string | null) => boolean
  }
>()("formae/agent/store/AgentProcesses") {
  /** Reads what Linux reports about processes from the folder `proc`, if there is one. */
  static readonly layerProc = (proc: string | undefined): Layer.Layer<AgentProcesses> =>
    Layer.effect(
      AgentProcesses,
      Effect.gen(function* () {
        const reportOf = (path: ReadonlyArray<string>, report: (file: string) => string) =>
          Effect.orElseSucceed(
            Effect.try(() => (proc === undefined ? "" : report(join(proc, ...path)))),
            () => "",
          )
        const read = (...path: ReadonlyArray<string>) => reportOf(path, (file) => readFileSync(file, "utf8"))
        const statOf = (pid: number | "self") => Effect.map(read(String(pid), "stat"), parseProcessStat)

        // The start time counts from the boot of the machine, so it means nothing without the boot.
        const boot = (yield* read("sys", "kernel", "random", "boot_id")).trim()
        const namespace = namespaceIn(yield* reportOf(["self", "ns", "pid"], readlinkSync))
        const startOf = (stat: ProcessStat) => formatStart(boot, stat.startTime, namespace)
        const self = yield* statOf("self")
        // A container may have the /proc of its host, where the same ids are other processes. It says the truth about this one, by another id.
        const hasOwnIds = self?.pid === process.pid
        const isKnown = boot !== "" && (hasOwnIds || namespace !== undefined)
        const start = isKnown && self !== undefined ? startOf(self) : null

        return AgentProcesses.of({
          pid: process.pid,
          host: hostname(),
          start,
          isRunning: Effect.fnUntraced(function* (pid, startThen) {
            if (!isProcess(pid)) return false
            if (start === null || !hasOwnIds) return true
            const stat = yield* statOf(pid)
            // The file may be hidden from this user.
            if (stat === undefined) return true
            return !stat.isDead && (startThen === null || isSameStart(startThen, startOf(stat)))
          }),
          canSee: (other) => canSee(start, other),
        })
      }),
    )

  /** Reads `/proc`. Where there is none, and on Windows, where anybody may make one, processes are told apart by their ids alone. */
  static readonly layer: Layer.Layer<AgentProcesses> = Layer.unwrap(
    Effect.map(Platform, (platform) => AgentProcesses.layerProc(isWindows(platform) ? undefined : systemProc)),
  )
}
