/** What keeps all others from a state while one agent holds it. Each way to open a store brings its own. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { AgentProcesses } from "./AgentProcesses.ts"
import { isLockTaken, lockFileOf, takeLock } from "./LockFile.ts"
import { mark } from "./ProcessMarks.ts"
import { type HolderKind, isProcessThere, type StateHolder } from "./StateHolder.ts"

/** Decides whether a state is free. It is for `StateOwnership`, which also counts the holders. */
export class StateLock extends Context.Service<
  StateLock,
  {
    /** What is looked at, in words for people. */
    readonly name: string
    /** What shows that a holder that was recorded under this lock is still there. */
    readonly kind: HolderKind
    /**
     * Takes the lock until the scope closes. `owner` is a new random id. False
     * where another holder has it. Fails with `SqlError` where that cannot be
     * found out.
     */
    readonly take: (owner: string) => Effect.Effect<boolean, SqlError, Scope.Scope>
    /** The agents that share the state and may act on it now, by their names. Left out where none can. */
    readonly runners?: Effect.Effect<ReadonlyArray<string>, SqlError>
    /** Whether a holder has the lock. Fails with `SqlError` where that cannot be found out. */
    readonly isTaken: Effect.Effect<boolean, SqlError>
    /** Whether the holder that the row names may still be there although the lock is free. `epoch` is that of the row. */
    readonly mayBeThere: (holder: StateHolder, epoch: number) => Effect.Effect<boolean>
  }
>()("formae/agent/store/StateLock") {
  /** `layerFile` with the processes open, for what formae 0.1.0 has left. */
  static readonly layerFileNoDeps = (stateFile: string): Layer.Layer<StateLock, never, AgentProcesses> =>
    Layer.effect(
      StateLock,
      Effect.map(AgentProcesses, (processes) =>
        StateLock.of({
          name: `the lock file ${lockFileOf(stateFile)}`,
          kind: "lock",
          take: () => takeLock(stateFile),
          isTaken: isLockTaken(stateFile),
          mayBeThere: (holder, epoch) => {
            if (holder.kind === "lock") return Effect.succeed(false)
            // Formae 0.1.0 had no lock file. What it left on another host must not block this one for ever.
            if (epoch === 0 && holder.host !== processes.host) return Effect.succeed(false)
            return isProcessThere(processes, holder)
          },
        }),
      ),
    )

  /**
   * The lock of a state file: a file beside it, which the system unlocks when
   * its holder ends. It needs a file system with working locks, which some
   * network file systems do not have.
   */
  static readonly layerFile = (stateFile: string): Layer.Layer<StateLock> =>
    this.layerFileNoDeps(stateFile).pipe(Layer.provide(AgentProcesses.layer))

  /** The lock of a store that no other process can open. */
  static readonly layerMemory: Layer.Layer<StateLock> = Layer.sync(StateLock, () => {
    let taken = false
    return StateLock.of({
      name: "the lock of a store in memory",
      kind: "lock",
      take: () =>
        Effect.acquireRelease(
          Effect.sync(() => {
            const isFree = !taken
            taken = true
            return isFree
          }),
          (isMine) =>
            Effect.sync(() => {
              if (isMine) taken = false
            }),
        ),
      isTaken: Effect.sync(() => taken),
      mayBeThere: () => Effect.succeed(false),
    })
  })

  /** `layerProcesses` with the processes open. */
  static readonly layerProcessesNoDeps: Layer.Layer<StateLock, never, AgentProcesses> = Layer.effect(
    StateLock,
    Effect.map(AgentProcesses, (processes) =>
      StateLock.of({
        name: `the processes of the host ${processes.host}`,
        kind: "process",
        // A row without a mark has no owner, so the mark stands before the row is written.
        take: (owner) => Effect.as(mark(owner), true),
        isTaken: Effect.succeed(false),
        mayBeThere: (holder) => isProcessThere(processes, holder),
      }),
    ),
  )

  /**
   * For a database that the host has opened, where nothing is known to lock: a
   * holder is there if its process is. A process of another host, or of another
   * pid namespace, cannot be seen, and counts as there.
   * Whatever is decided, a holder that was replaced can write nothing.
   */
  static readonly layerProcesses: Layer.Layer<StateLock> = this.layerProcessesNoDeps.pipe(
    Layer.provide(AgentProcesses.layer),
  )
}
