/**
 * `StateOwnership` where several agents share one state: none keeps another one
 * away. Each write is made under the holding of its fiber, and lands only while
 * that part is still held.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { makeDiskRoom, WaitsForRoom } from "../../store/DiskRoom.ts"
import { makeGroupCommit, type WriteInGroup } from "../../store/GroupCommit.ts"
import { CurrentHolder, type Holder } from "../CurrentHolder.ts"
import { type Holding, StateOwnership } from "../StateOwnership.ts"
import type { StateTaken } from "../StateTaken.ts"
import { Holders } from "./Holders.ts"

/** Over the holdings of a runner. */
export const layerSharedOwnership: Layer.Layer<StateOwnership, never, Holders | SqlClient.SqlClient> = Layer.effect(
  StateOwnership,
  Effect.gen(function* () {
    const holders = yield* Holders
    const sql = yield* SqlClient.SqlClient
    const disk = makeDiskRoom(sql, yield* WaitsForRoom)

    /** Writes under one holding are made together. A group ends with its holding. */
    const groups = new WeakMap<Holder, WriteInGroup<SqlError | StateTaken>>()
    const under = (holder: Holder): WriteInGroup<SqlError | StateTaken> => {
      const known = groups.get(holder)
      if (known !== undefined) return known
      const made = makeGroupCommit(sql, holders.check(holder))
      groups.set(holder, made)
      return made
    }
    const writeNew: WriteInGroup<SqlError | StateTaken> = (writes) =>
      Effect.flatMap(holders.current, (holder) => under(holder)(writes))

    const hold: Effect.Effect<Holding> = Effect.map(holders.current, ({ epoch, since, takenOver }) => ({
      epoch,
      since,
      takenOver,
    }))

    return StateOwnership.of({
      hold,
      holdForAMoment: hold,
      inCommand: (command) =>
        Effect.flatMap(CurrentHolder, (holder) =>
          holder === undefined
            ? Effect.flatMap(holders.forCommands, (own) => Effect.provideService(command, CurrentHolder, own))
            : command,
        ),
      refuseWhileFull: disk.refuseWhileFull,
      write: (writes) => disk.whenRoom(writeNew(writes)),
      writeNew,
      // Others have it too.
      isMine: Effect.succeed(false),
      isHeld: Effect.succeed(true),
      unlock: Effect.succeed({ lock: "the holders of a shared state", removed: undefined, wasElsewhere: false }),
    })
  }),
)
