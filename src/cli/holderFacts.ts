/** Who holds a state, for commands that do not hold it. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { AgentProcesses } from "../agent/index.ts"
import { makeOwnershipRow, type OwnershipRow } from "../agent/records/OwnershipRow.ts"
import { isElsewhere, type StateHolder } from "../agent/store/StateHolder.ts"
import { StateLock } from "../agent/store/StateLock.ts"
import { lookIntoState } from "./stateCopy.ts"

export interface HolderFacts {
  /** Whether somebody has the lock. */
  readonly isLocked: boolean
  /** Whom the state names. */
  readonly holder: StateHolder | undefined
  /** Whether that one may still be there although the lock is free. */
  readonly mayBeThere: boolean
  /** Whether its process cannot be seen from here. */
  readonly isElsewhere: boolean
}

const readRow = Effect.flatMap(makeOwnershipRow, ({ read }) => read)

const rowIn = (file: string) =>
  lookIntoState(file, ["state_ownership"], (sql) => Effect.provideService(readRow, SqlClient.SqlClient, sql))

const factsOf = Effect.fnUntraced(function* (row: OwnershipRow | undefined) {
  const lock = yield* StateLock
  const processes = yield* AgentProcesses
  const holder = row?.holder
  const facts: HolderFacts = {
    isLocked: yield* lock.isTaken,
    holder,
    mayBeThere: holder !== undefined && (yield* lock.mayBeThere(holder, row?.epoch ?? 0)),
    isElsewhere: holder !== undefined && isElsewhere(processes, holder),
  }
  return facts
})

/** What can be found out about the holder of a state file, whose links are resolved. Fails where the lock beside it cannot be used. */
export const holderFacts = (file: string) =>
  // One that cannot be read, or that is too large for a look, can be locked all the same.
  Effect.orElseSucceed(rowIn(file), () => undefined).pipe(
    Effect.flatMap(factsOf),
    Effect.provide([StateLock.layerFile(file), AgentProcesses.layer]),
  )

/** The same of a state that is open, on a server. */
export const serverHolder = Effect.orDie(Effect.flatMap(readRow, factsOf)).pipe(Effect.provide(AgentProcesses.layer))
