/**
 * Who may write the state: one agent at a time. To hold it yields an epoch, and
 * each write checks it, so that an agent that was paused, cut off or replaced
 * writes nothing any more.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { AgentProcesses } from "../store/AgentProcesses.ts"
import { makeDiskRoom, WaitsForRoom } from "../store/DiskRoom.ts"
import type { WriteInGroup } from "../store/GroupCommit.ts"
import { isElsewhere, isForAMoment, isProcessThere, ownerOf, type StateHolder } from "../store/StateHolder.ts"
import { StateLock } from "../store/StateLock.ts"
import { makeOwnershipRow, type RowHolding } from "./OwnershipRow.ts"
import { makeSharedHolding } from "./SharedHolding.ts"
import { StateInUse } from "./StateInUse.ts"
import { StateTaken } from "./StateTaken.ts"

/** That this agent holds the state. */
export interface Holding {
  /** Grows with each holder of the state. */
  readonly epoch: number
  /** Whether the last holder ended without giving the state back, so that it is not known when. */
  readonly takenOver: boolean
  /** In milliseconds since 1970. */
  readonly since: number
}

/** A holding, with what it is needed for. */
interface Held extends RowHolding, Holding {
  readonly write: WriteInGroup<SqlError | StateTaken>
}

/** What `unlock` has looked at, and what it has found and removed. */
export interface Unlocked {
  /** What was looked at in addition to the row, and was free, in words for people. */
  readonly lock: string
  /** The holder that was removed. Undefined where there was none, so that nothing was done. */
  readonly removed: StateHolder | undefined
  /** Whether the holder ran on another host or in another container, so that it is not known whether its process has ended. */
  readonly wasElsewhere: boolean
}

/** Another agent has the state. */
class HeldByAnother extends Data.TaggedError("HeldByAnother")<{
  readonly holder: StateHolder | undefined
  readonly runners: ReadonlyArray<string>
}> {}

/** In words for who is refused. The processes are those of this host. */
const inUseSeenFrom =
  (processes: AgentProcesses["Service"]) =>
  ({ holder, runners }: Pick<HeldByAnother, "holder" | "runners">): StateInUse => {
    if (runners.length > 0) return new StateInUse({ runners })
    if (holder === undefined) return new StateInUse({})
    const { host, pid, since } = holder
    return new StateInUse({ pid, since, ...(isElsewhere(processes, holder) ? { host } : {}) })
  }

/** How long a holding for a moment is waited for. */
const momentSchedule = Schedule.upTo(Schedule.spaced("100 millis"), { duration: "2 seconds" })

/** Keeps the state for one agent at a time. */
export class StateOwnership extends Context.Service<
  StateOwnership,
  {
    /**
     * Holds the state until the scope closes. Commands of one agent share a
     * holding, which ends with the last of them. Waits for another agent that
     * has it for a moment only, for two seconds at most. While one holds it for
     * longer, fails with `StateInUse`; and with `SqlError` where the state cannot
     * be written.
     */
    readonly hold: Effect.Effect<Holding, StateInUse | SqlError, Scope.Scope>
    /** The same for a few writes: the commands of other agents wait for its end. */
    readonly holdForAMoment: Effect.Effect<Holding, StateInUse | SqlError, Scope.Scope>
    /**
     * Makes writes in one transaction, if this agent still holds the state. It may
     * be shared with other writes; it has been committed when this ends, and one
     * write that fails undoes no other. Fails with `StateTaken` where it does not, or where its holding was
     * removed, and with `SqlError` where the state cannot be written.
     */
    readonly write: <A, E, R>(writes: Effect.Effect<A, E, R>) => Effect.Effect<A, E | SqlError | StateTaken, R>
    /** The same for what begins new work: where `WaitsForRoom` says that writes wait for room on a full disk, this one does not. */
    readonly writeNew: <A, E, R>(writes: Effect.Effect<A, E, R>) => Effect.Effect<A, E | SqlError | StateTaken, R>
    /**
     * Runs a command that is for no forma. Where others share the state and it holds
     * nothing yet, it has a holding that ends when this agent is taken for gone.
     */
    readonly inCommand: <A, E, R>(command: Effect.Effect<A, E, R>) => Effect.Effect<A, E | SqlError, R>
    /** Fails with `SqlError`, for new work, while a write waits for room on a full disk. */
    readonly refuseWhileFull: Effect.Effect<void, SqlError>
    /** Whether this agent holds the state now, as far as it knows. */
    readonly isMine: Effect.Effect<boolean>
    /** Whether an agent holds the state now. Fails with `SqlError` where that cannot be found out. */
    readonly isHeld: Effect.Effect<boolean, SqlError>
    /**
     * Removes a holder that is gone, or that cannot be seen from here. If it is
     * still there, it can write nothing more. Fails with `StateInUse` where a
     * holder is seen, and with `SqlError` where the state cannot be written.
     */
    readonly unlock: Effect.Effect<Unlocked, StateInUse | SqlError>
  }
>()("formae/agent/records/StateOwnership") {
  /** Keeps the epoch and the holder in the store. The lock decides whether the holder is still there. */
  static readonly layerNoDeps = Layer.effect(
    StateOwnership,
    Effect.gen(function* () {
      const lock = yield* StateLock
      const processes = yield* AgentProcesses
      const random = yield* SecureRandom.SecureRandom
      const row = yield* makeOwnershipRow

      /** The lock was not given. */
      const whoHas = Effect.gen(function* () {
        return new HeldByAnother({
          runners: yield* lock.runners ?? Effect.succeed([]),
          holder: (yield* row.read)?.holder,
        })
      })

      const inUse = inUseSeenFrom(processes)

      /** Takes the lock, and then the row if nobody else may still be there. */
      const take = Effect.fnUntraced(function* (
        lasts: Parameters<typeof ownerOf>[1],
      ): Effect.fn.Return<Held, HeldByAnother | SqlError, Scope.Scope> {
        const owner = ownerOf(yield* random.uuidV7(), lasts)
        if (!(yield* lock.take(owner))) return yield* yield* whoHas
        const since = yield* Clock.currentTimeMillis
        const { host, pid, start } = processes
        const holder: StateHolder = { owner, kind: lock.kind, host, pid, start, since }
        while (true) {
          const before = yield* row.ensure
          if (before.holder !== undefined && (yield* lock.mayBeThere(before.holder, before.epoch))) {
            return yield* new HeldByAnother({ holder: before.holder, runners: [] })
          }
          if (yield* row.replace(before, holder)) {
            const takenOver = before.isNew || before.holder !== undefined
            const epoch = before.epoch + 1
            return { owner, epoch, takenOver, since, write: row.under({ owner, epoch }) }
          }
        }
      })

      /** A row that cannot be cleared is taken over: nobody is there any more. */
      const release = ({ owner }: RowHolding) => Effect.ignore(row.clear(owner), { log: true })

      const shared = yield* makeSharedHolding<Held, HeldByAnother | SqlError>()

      const hold = (lasts: Parameters<typeof ownerOf>[1]) =>
        shared.hold(Effect.acquireRelease(take(lasts), release)).pipe(
          Effect.retry({
            schedule: momentSchedule,
            while: (error) =>
              error._tag === "HeldByAnother" && error.runners.length === 0 && isForAMoment(error.holder),
          }),
          Effect.catchTag("HeldByAnother", (error) => Effect.fail(inUse(error))),
        )

      const disk = makeDiskRoom(yield* SqlClient.SqlClient, yield* WaitsForRoom)
      const writeNew: WriteInGroup<SqlError | StateTaken> = (writes) =>
        Effect.suspend(() => {
          const held = shared.current()
          return held === undefined ? Effect.fail(new StateTaken({})) : held.write(writes)
        })

      return StateOwnership.of({
        hold: hold("command"),
        inCommand: (command) => command,
        holdForAMoment: hold("moment"),
        refuseWhileFull: disk.refuseWhileFull,
        write: (writes) => disk.whenRoom(writeNew(writes)),
        writeNew,
        isMine: Effect.sync(() => shared.current() !== undefined),
        isHeld: Effect.gen(function* () {
          if (yield* lock.isTaken) return true
          const found = yield* row.read
          return found?.holder !== undefined && (yield* lock.mayBeThere(found.holder, found.epoch))
        }),
        unlock: Effect.scoped(
          Effect.gen(function* () {
            const owner = yield* random.uuidV7()
            if (!(yield* lock.take(owner))) return yield* inUse(yield* whoHas)
            const before = yield* row.ensure
            const { holder } = before
            if (holder === undefined) return { lock: lock.name, removed: undefined, wasElsewhere: false }
            // A holder with a lock of its own is gone when the lock is free, wherever it was.
            const isSeen = holder.kind === "process" || lock.kind === "process"
            const wasElsewhere = isSeen && isElsewhere(processes, holder)
            if (isSeen && !wasElsewhere && (yield* isProcessThere(processes, holder))) {
              return yield* inUse({ holder, runners: [] })
            }
            if (!(yield* row.replace(before, undefined))) return yield* inUse(yield* whoHas)
            return { lock: lock.name, removed: holder, wasElsewhere }
          }),
        ),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

  /** The same, for the processes of this host. */
  static readonly layer: Layer.Layer<StateOwnership, never, SqlClient.SqlClient | StateLock> = this.layerNoDeps.pipe(
    Layer.provide(AgentProcesses.layer),
  )
}
