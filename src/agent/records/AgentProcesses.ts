/** The processes of agents: this one, and whether another one of this host is still there. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { parseProcessStat, type ProcessStat } from "./ProcessStat.ts"

export class AgentProcesses extends Context.Service<
  AgentProcesses,
  {
    readonly pid: number
    readonly host: string
    /** What tells this process from all others that ever have its id. Null where the system does not say it. */
    readonly start: string | null
    /**
     * Whether the process with this id that started so runs on this host. Where
     * its start is not known, whichever has the id is taken for it.
     */
    readonly isRunning: (pid: number, start: string | null) => Effect.Effect<boolean>
  }
>()("formae/agent/records/AgentProcesses") {
  /** Reads what Linux says of processes in the folder `proc`. */
  static readonly layerFrom = (proc: string) =>
    Layer.effect(
      AgentProcesses,
      Effect.gen(function* () {
        const read = (...path: ReadonlyArray<string>) =>
          Effect.orElseSucceed(
            Effect.try(() => readFileSync(join(proc, ...path), "utf8")),
            () => "",
          )
        const statOf = (pid: number | "self") => Effect.map(read(String(pid), "stat"), parseProcessStat)

        // Ticks count from when the machine started, so that they say nothing without that.
        const boot = (yield* read("sys", "kernel", "random", "boot_id")).trim()
        const startOf = (stat: ProcessStat) => `${boot} ${stat.startTime}`
        const self = yield* statOf("self")
        // A container may see the folder of another one, where the same ids are other processes.
        const start = boot === "" || self?.pid !== process.pid ? null : startOf(self)

        return AgentProcesses.of({
          pid: process.pid,
          host: hostname(),
          start,
          isRunning: Effect.fnUntraced(function* (pid, startThen) {
            if (!(yield* answers(pid))) return false
            if (start === null) return true
            const stat = yield* statOf(pid)
            // What can not be read may be hidden from this user.
            if (stat === undefined) return true
            return !stat.isDead && (startThen === null || startThen === startOf(stat))
          }),
        })
      }),
    )

  static readonly layer = this.layerFrom("/proc")
}

/** Also those do that are dead, until whoever has started them hears of it. */
const answers = (pid: number): Effect.Effect<boolean> =>
  Effect.sync(() => {
    try {
      // Signal 0 is sent to nobody: it only asks.
      return process.kill(pid, 0)
    } catch (error) {
      // A process of somebody else may not be asked, and is there.
      return (error as NodeJS.ErrnoException).code === "EPERM"
    }
  })
