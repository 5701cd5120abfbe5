/** What a cluster has now, read from its database alone: it can be asked when no runner answers. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { partOfForma } from "../agent/records/CurrentHolder.ts"
import { namespaceKey } from "../protocol/Identity.ts"
import { formaOfEntity, hostedBy } from "./placement.ts"
import { defaultTimes } from "./RunnerTimes.ts"
import { whole } from "./rates/shareDecision.ts"
import { type NamespaceShares, readShares } from "./rates/ShareRows.ts"

/** A runner that has said within the last minute that it is there. */
export interface ReportedRunner {
  /** Where other runners reach it. */
  readonly runner: string
  /** Whether it answers others, as far as they have asked it, and has renewed its lease in time. */
  readonly healthy: boolean
  /** The namespaces that it may host. */
  readonly namespaces: ReadonlyArray<string>
  /** How many shards it has. */
  readonly shards: number
  /** Which part of the rate limit of each namespace its plugin may use, from 0 to 1. */
  readonly rateShares: ReadonlyArray<{ readonly namespace: string; readonly share: number }>
  /** How long ago it has last renewed its lease, in milliseconds. */
  readonly lagMillis: number
}

/** A document, and which runner has it. */
export interface ReportedDocument {
  readonly forma: string
  /** Null where none has it now: the next that is asked for takes it. */
  readonly runner: string | null
  /** Grows with each runner that takes it over. */
  readonly epoch: number
  /** Since when, in milliseconds since 1970. */
  readonly since: number
}

/** What `formae cluster` shows. */
export interface ClusterReport {
  readonly runners: ReadonlyArray<ReportedRunner>
  /** Those for which there ever was a command, by their names. */
  readonly documents: ReadonlyArray<ReportedDocument>
  /** How many commands have not ended. */
  readonly unfinished: number
  /** How many messages are kept, done or not. */
  readonly messages: number
}

const Runners = Schema.Array(
  Schema.Struct({
    address: Schema.String,
    groups: Schema.fromJsonString(Schema.Struct({ groups: Schema.Array(Schema.String) })),
    healthy: Schema.Boolean,
    shards: Schema.Int,
    lag: Schema.Finite,
  }),
)
const Documents = Schema.Array(
  Schema.Struct({
    name: Schema.String,
    epoch: Schema.Int,
    runner: Schema.NullOr(Schema.String),
    since: Schema.Finite,
  }),
)

const decodeRunners = Schema.decodeUnknownEffect(Runners)
const decodeDocuments = Schema.decodeUnknownEffect(Documents)

/** Undefined where no runner has ever joined the cluster of this state. Of a state on Postgres. */
export const readClusterReport: Effect.Effect<ClusterReport | undefined, SqlError, SqlClient> = Effect.gen(
  function* () {
    const sql = yield* SqlClient
    const [found] =
      yield* sql`SELECT to_regclass('cluster_runners') IS NOT NULL AND to_regclass('cluster_messages') IS NOT NULL`
        .values
    if (found?.[0] !== true) return undefined
    const runners = yield* sql`
      SELECT r.address, r.runner AS groups, r.healthy,
        (SELECT count(*) FROM cluster_locks l WHERE l.address = r.address) AS shards,
        (EXTRACT(EPOCH FROM LOCALTIMESTAMP - r.last_heartbeat) * 1000)::float8 AS lag
      FROM cluster_runners r WHERE r.last_heartbeat > LOCALTIMESTAMP - INTERVAL '1 minute' ORDER BY r.address COLLATE "C"`
    const prefix = partOfForma("")
    const documents = yield* sql`
      SELECT name, epoch, runner, since FROM holders WHERE name LIKE ${`${prefix}%`} ORDER BY name COLLATE "C"`
    const shares = yield* readShares
    const count = (table: string) =>
      Effect.map(sql`SELECT count(*) FROM ${sql(table)}`.values, ([row]) => Number(row?.[0]))
    return {
      runners: (yield* Effect.orDie(decodeRunners(runners))).map(({ address, groups, healthy, lag, shards: held }) => {
        const namespaces = hostedBy(groups.groups)
        return {
          runner: address,
          // It may take the others most of a minute to find out that one does not answer.
          healthy: healthy && lag < defaultTimes.expirationMillis,
          namespaces,
          shards: held,
          rateShares: rateSharesOf(address, namespaces, shares),
          lagMillis: Math.max(Math.round(lag), 0),
        }
      }),
      documents: (yield* Effect.orDie(decodeDocuments(documents))).map(({ name, ...rest }) => ({
        forma: formaOfEntity(name.slice(prefix.length)),
        ...rest,
      })),
      unfinished: yield* count("request_bodies"),
      messages: yield* count("cluster_messages"),
    }
  },
)

/** What a runner may use. One that was started again has the shares of before too, until their time is over. */
const rateSharesOf = (runner: string, namespaces: ReadonlyArray<string>, all: ReadonlyArray<NamespaceShares>) =>
  all.flatMap(({ namespace, shares }) =>
    shares
      .filter((one) => one.runner === runner)
      .slice(-1)
      .map(({ parts }) => ({
        namespace: namespaces.find((name) => namespaceKey(name) === namespace) ?? namespace,
        share: parts / whole,
      })),
  )
