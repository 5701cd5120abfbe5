/** Agents on one state file, as different processes of different hosts. */
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { canSee } from "../../../src/agent/store/ProcessStart.ts"
import { StateLock } from "../../../src/agent/store/StateLock.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"

/** The start of each running process, by process id. Null where the system does not tell. */
type Running = Readonly<Record<number, string | null>>
type Ownership = StateOwnership["Service"]
type Client = SqlClient.SqlClient

/** A state file, and who sees which processes there. */
export const makeState = Effect.map(temporaryFolder, (folder) => {
  const file = join(folder, "state.db")
  const store = Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer), Layer.orDie)
  const agent =
    (lock: Layer.Layer<StateLock, never, AgentProcesses>) =>
    (
      pid: number,
      running: Running = {},
      host = "here",
      start = running[pid] ?? null,
    ): Effect.Effect<Ownership, never, Scope.Scope> => {
      const processes = Layer.succeed(AgentProcesses, {
        pid,
        host,
        start,
        canSee: (other) => canSee(start, other),
        isRunning: (other, start) => {
          const found = running[other]
          return Effect.succeed(found !== undefined && (found === null || start === null || found === start))
        },
      })
      return StateOwnership.layerNoDeps.pipe(
        Layer.provide(lock),
        Layer.provide([store, processes]),
        Layer.build,
        Effect.map(Context.get(StateOwnership)),
      )
    }
  return {
    file,
    /** With the lock of the file. */
    withFile: agent(Layer.fresh(StateLock.layerFileNoDeps(file))),
    /** With nothing but the processes, as in a database of the host's own. */
    withProcesses: agent(Layer.fresh(StateLock.layerProcessesNoDeps)),
    sql: <A, E>(use: (sql: Client) => Effect.Effect<A, E>) => Effect.provide(SqlClient.SqlClient.use(use), store),
  }
})

/** A holder whose scope is never closed. */
export const holdForEver = ({ hold }: Ownership) => Effect.provideService(hold, Scope.Scope, Scope.makeUnsafe())

export const refusal = ({ hold }: Ownership) => Effect.flip(Effect.scoped(hold))

/** A row that a process has left behind. */
export const leave = (
  sql: Client,
  {
    epoch = 4,
    host = "here",
    kind,
    pid,
    start,
  }: {
    readonly epoch?: number
    readonly host?: string
    readonly kind: "lock" | "process"
    readonly pid: number
    readonly start: string | null
  },
) =>
  sql`
    UPDATE state_ownership SET
      epoch = ${epoch}, owner = 'dead', kind = ${kind}, pid = ${pid}, host = ${host}, process_start = ${start}, since = 0`
