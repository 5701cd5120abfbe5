/** Who holds the state. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as SqlClient from "effect/sql/SqlClient"
import { AgentProcesses } from "../../../agent/index.ts"
import { makeOwnershipRow, type OwnershipRow } from "../../../agent/records/OwnershipRow.ts"
import { isElsewhere, type StateHolder } from "../../../agent/store/StateHolder.ts"
import { StateLock } from "../../../agent/store/StateLock.ts"
import { followLinks } from "../../../agent/store/StateFileLink.ts"
import { formatTime } from "../../../protocol/formatTime.ts"
import { lookIntoState } from "../../stateCopy.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, problem, skipped, warning } from "../Finding.ts"

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

const describe = ({ host, pid, since }: StateHolder): string => `pid ${pid} on ${host}, since ${formatTime(since)}`

/** Pure. */
export const holderFinding = ({ holder, isElsewhere, isLocked, mayBeThere }: HolderFacts): Finding => {
  const named = holder === undefined ? "" : ` (${describe(holder)})`
  if (isLocked)
    return ok(
      `A formae is using the state now${named}; if it is an agent that stays, commands run on it, and otherwise they are refused until it has ended`,
    )
  if (holder === undefined) return ok("Nobody holds the state")
  if (!mayBeThere) {
    return ok(
      `Nobody holds the state. Its last holder${named} ended without giving it back, and the next command takes it over`,
    )
  }
  if (!isElsewhere) return ok(`A formae is using the state now${named}`)
  return problem(
    `The state names a holder that cannot be seen from here${named}, and so every change is refused`,
    'Wait for it. If its host is gone for good, "formae unlock" frees the state',
  )
}

const rowIn = (file: string) =>
  lookIntoState(file, ["state_ownership"], (sql) =>
    Effect.provideService(
      Effect.flatMap(makeOwnershipRow, ({ read }) => read),
      SqlClient.SqlClient,
      sql,
    ),
  )

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

export const holder: Check = {
  name: "lock",
  boundMillis: seconds(15),
  look: Effect.fnUntraced(function* ({ stateFile, untrusted }) {
    const fs = yield* FileSystem.FileSystem
    const file = yield* Effect.orElseSucceed(followLinks(stateFile), () => stateFile)
    if (!(yield* Effect.orElseSucceed(fs.exists(file), () => true))) return [ok("There is no state to hold")]
    if (untrusted.state !== undefined) return [skipped("Not looked at, because the state is not trusted")]
    // One that cannot be read, or that is too large for a look, can be locked all the same.
    const row = yield* Effect.orElseSucceed(rowIn(file), () => undefined)
    return yield* factsOf(row).pipe(
      Effect.map((facts) => [holderFinding(facts)]),
      Effect.provide([StateLock.layerFile(file), AgentProcesses.layer]),
      Effect.orElseSucceed(() => [
        warning(
          `It cannot be found out whether somebody holds the state: ${file}.lock cannot be used`,
          "Keep the state on a local disk, where this user may read and write all files beside it",
        ),
      ]),
    )
  }),
}
