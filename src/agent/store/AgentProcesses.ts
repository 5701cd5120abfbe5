/** The processes of agents: this one, and whether another one of this host is still there. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hostname } from "node:os"

export class AgentProcesses extends Context.Service<
  AgentProcesses,
  {
    readonly pid: number
    readonly host: string
    /** Whether a process with this id runs on this host. */
    readonly isRunning: (pid: number) => Effect.Effect<boolean>
  }
>()("formae/agent/store/AgentProcesses") {
  static readonly layer = Layer.sync(AgentProcesses, () =>
    AgentProcesses.of({
      pid: process.pid,
      host: hostname(),
      isRunning: (pid) =>
        Effect.sync(() => {
          try {
            // Signal 0 is sent to nobody: it only asks.
            return process.kill(pid, 0)
          } catch (error) {
            // A process of somebody else may not be asked, and is there.
            return (error as NodeJS.ErrnoException).code === "EPERM"
          }
        }),
    }),
  )
}
