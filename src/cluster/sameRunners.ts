/** What all runners of a cluster have to have in common: how long they keep what they have, and their version. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as SemVer from "effect/SemVer"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"

/** Of one runner. */
export interface Common {
  /** Who takes a document judges by its own time whether that of the other one is over. */
  readonly expirationMillis: number
  /** What they say to each other is not made for others. */
  readonly version: SemVer.SemVer
}

/** The runners that are there have something else. */
export class OtherRunners extends Data.TaggedError("OtherRunners")<{ readonly message: string }> {}

type Session = Pick<Connection, "executeValues">

/** Each runner locks its number beside the lock that all of them share, and then looks at those of the others. */
const keyOf = (what: string): string => `hashtext('formae ${what} ' || current_schema())`

const othersThan = (session: Session, what: string, own: number): Effect.Effect<ReadonlyArray<number>, SqlError> =>
  Effect.gen(function* () {
    yield* session.executeValues(`SELECT pg_advisory_lock_shared(${keyOf(what)}, ${own})`, [])
    const all = yield* session.executeValues(
      `SELECT DISTINCT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = ${keyOf(what)}::bigint & 4294967295 AND objid <> ${own}`,
      [],
    )
    return all.map(([number]) => Number(number))
  })

const times = "times"
const versions = "versions"
const places = 1_000
const numberOf = ({ major, minor, patch }: SemVer.SemVer): number => (major * places + minor) * places + patch
const versionOf = (number: number): string =>
  [Math.floor(number / places / places), Math.floor(number / places) % places, number % places].join(".")
const seconds = (millis: number): string => `${millis / 1_000} s`

/** Fails where another runner of this state has something else. Until `unlockCommon`, one that comes is refused that has something else. */
export const lockCommon = Effect.fnUntraced(function* (session: Session, { expirationMillis, version }: Common) {
  const otherTimes = yield* othersThan(session, times, expirationMillis)
  if (otherTimes.length > 0) {
    return yield* new OtherRunners({
      message: `The runners of the cluster keep their documents for ${otherTimes.map(seconds).join(" and ")} without a sign of life, and this one for ${seconds(expirationMillis)}. Give all of them the same FORMAE_CLUSTER_TIMES`,
    })
  }
  const others = yield* othersThan(session, versions, numberOf(version))
  if (others.length > 0) {
    return yield* new OtherRunners({
      message: `The runners of the cluster are formae ${others.map(versionOf).join(" and ")}, and this one is ${SemVer.format(version)}. Stop all of them, and start all with the same version`,
    })
  }
})

/** What a session that goes back to its pool must not keep. */
export const unlockCommon = (
  session: Session,
  { expirationMillis, version }: Common,
): Effect.Effect<unknown, SqlError> =>
  session.executeValues(
    `SELECT pg_advisory_unlock_shared(${keyOf(times)}, ${expirationMillis}),
      pg_advisory_unlock_shared(${keyOf(versions)}, ${numberOf(version)})`,
    [],
  )
