/**
 * One command at a time: two commands that change the same state would each
 * create what the other is creating. The lock is a row of the store that names
 * its owner, so that a lock whose owner is gone can be taken over.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { AgentProcesses } from "./AgentProcesses.ts"
import { isMarked, mark } from "./ProcessMarks.ts"
import { StateInUse } from "./StateInUse.ts"

/** Lets one command at a time change the state. */
export class CommandLock extends Context.Service<
  CommandLock,
  {
    /**
     * Takes the lock, and releases it when the scope closes. Never waits: fails
     * with `StateInUse` where another command holds it. `takenOver` says that
     * the last owner died without releasing it. Fails with `SqlError` where the
     * state cannot be written.
     */
    readonly hold: Effect.Effect<{ readonly takenOver: boolean }, StateInUse | SqlError, Scope.Scope>
    /** Whether a command holds the lock now. Fails with `SqlError` where the state cannot be read. */
    readonly isHeld: Effect.Effect<boolean, SqlError>
  }
>()("formae/agent/records/CommandLock") {
  /** Keeps the lock in the store. */
  static readonly layerNoDeps = Layer.effect(
    CommandLock,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const processes = yield* AgentProcesses
      const random = yield* SecureRandom.SecureRandom

      const isGone = ({ host, owner, pid, start }: typeof LockRow.Type): Effect.Effect<boolean> => {
        // Whether a process runs on another host cannot be found out here.
        if (host !== processes.host) return Effect.succeed(false)
        // Any thread and any copy of this package may own it. Without a mark, its owner is gone: an earlier process with this id, or a thread that has ended.
        if (pid === processes.pid) return Effect.map(isMarked(owner), (marked) => !marked)
        return Effect.map(processes.isRunning(pid, start), (running) => !running)
      }

      const release = (owner: string) => sql`DELETE FROM command_lock WHERE owner = ${owner}`

      const present = Effect.gen(function* () {
        const rows = yield* sql`
          SELECT owner, pid, host, started_at AS "startedAt", process_start AS "start" FROM command_lock WHERE id = 1`
        const [holder] = yield* Effect.orDie(decodeRows(rows))
        return holder
      })

      // Each statement is atomic, and changes only the row that the one before it has seen: the database decides a race.
      const take = Effect.fnUntraced(function* (owner: string): Effect.fn.Return<boolean, StateInUse | SqlError> {
        const startedAt = yield* Clock.currentTimeMillis
        let takenOver = false
        while (true) {
          yield* sql`
            INSERT INTO command_lock (id, owner, pid, host, started_at, process_start)
            VALUES (1, ${owner}, ${processes.pid}, ${processes.host}, ${startedAt}, ${processes.start})
            ON CONFLICT (id) DO NOTHING`
          const holder = yield* present
          if (holder?.owner === owner) return takenOver
          // Released just now.
          if (holder === undefined) continue
          if (!(yield* isGone(holder))) {
            const elsewhere = holder.host === processes.host ? {} : { host: holder.host }
            return yield* new StateInUse({ pid: holder.pid, since: holder.startedAt, ...elsewhere })
          }
          yield* sql`DELETE FROM command_lock WHERE owner = ${holder.owner}`
          takenOver = true
        }
      })

      return CommandLock.of({
        hold: Effect.gen(function* () {
          const owner = yield* random.uuidV7()
          // Set before the row is written, and removed after it is deleted: a row without a mark has no owner.
          yield* mark(owner)
          const takenOver = yield* Effect.acquireRelease(
            take(owner),
            // A row that cannot be deleted is taken over once its mark is gone.
            () => Effect.ignore(release(owner), { log: true }),
          )
          return { takenOver }
        }),
        isHeld: Effect.gen(function* () {
          const holder = yield* present
          return holder !== undefined && !(yield* isGone(holder))
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

  /** The same, with the processes of this host. */
  static readonly layer = this.layerNoDeps.pipe(Layer.provide(AgentProcesses.layer))
}

const LockRow = Schema.Struct({
  owner: Schema.String,
  pid: Schema.Int,
  host: Schema.String,
  startedAt: Schema.Finite,
  /** The `start` of the process, where it was known. */
  start: Schema.NullOr(Schema.String),
})
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(LockRow))
