/** How long operations took before, by type and kind. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { ResourceType } from "../../protocol/Identity.ts"
import { JournaledKind } from "./JournaledKind.ts"

/** How long operations of one kind on resources of one type took. */
export class UsualDuration extends Schema.Opaque<UsualDuration>()(
  Schema.Struct({
    /** The type of the resources. */
    type: ResourceType,
    /** What was done to them. */
    kind: JournaledKind,
    /** The mean of their times, in milliseconds. */
    meanMillis: Schema.Finite,
  }),
) {}

/** More would tell no more, and a state may have a million operations. */
const newest = 2_000

/**
 * The mean times of the newest operations. Only those count that have succeeded
 * and were sent once: others have waited for something that is over. The ids
 * begin with a time, so the newest ones are found without a look at all rows.
 */
export const usualDurations = (sql: SqlClient): Effect.Effect<ReadonlyArray<UsualDuration>, SqlError> =>
  Effect.map(
    sql`
      SELECT type, kind, AVG(updated_at - started_at) AS mean FROM (
        SELECT type, kind, status, settled, sent, crashes, started_at, updated_at FROM operations
        ORDER BY operation_id DESC LIMIT ${newest}) AS latest
      WHERE settled = 1 AND status = 'Succeeded' AND sent = 1 AND crashes = '[]' AND updated_at >= started_at
      GROUP BY type, kind ORDER BY type, kind`.values,
    (rows) =>
      rows.flatMap(([type, kind, mean]) =>
        isKind(kind) ? [{ type: ResourceType.make(String(type)), kind, meanMillis: Math.round(Number(mean)) }] : [],
      ),
  )

const isKind = Schema.is(JournaledKind)
