/** What is looked at of a state on Postgres: whether it can be used, what the role may, and whose clock is wrong. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { readClusterReport } from "../../cluster/ClusterReport.ts"
import { isLoopback } from "../../platform/hosts.ts"
import { serverHolder } from "../holderFacts.ts"
import { openStateToRead } from "../openState.ts"
import { clusterFindings } from "./clusterFindings.ts"
import { type Finding, ok, problem, warning } from "./Finding.ts"

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string
  readonly role: string
  readonly mayWrite: boolean
  /** Whether it may do everything on the server. */
  readonly isSuperuser: boolean
  /** Whether the connection is by TLS. */
  readonly isEncrypted: boolean
  /** As `synchronous_commit` says it. */
  readonly commits: string
  /** The clock of the server less that of this host. */
  readonly aheadMillis: number
}

/** What takes longer is not a difference of two clocks, but the way to the server. */
const mostAheadMillis = 5_000

/** Whether nobody is between this host and the server: it is reached by a socket, or on this machine. */
const isOnThisMachine = (state: string): boolean => {
  const url = URL.parse(state)
  const host = url?.searchParams.get("host") ?? url?.hostname ?? ""
  // A socket is named by its folder.
  return host === "" || host.includes("/") || isLoopback(host)
}

/** Pure. */
export const serverFindings = (
  state: string,
  { aheadMillis, commits, isEncrypted, isSuperuser, mayWrite, role, version }: ServerFacts,
): ReadonlyArray<Finding> => [
  ok(`${state} can be used: Postgres ${version}, as the role "${role}"`),
  ...(mayWrite
    ? []
    : [problem(`The role "${role}" may not write into the schema`, "Let the role own the schema and its tables")]),
  ...(isSuperuser
    ? [
        warning(
          `The role "${role}" may do everything on the server, and formae needs its schema alone`,
          "Make a role for the state, and give it the schema: docs/several-hosts.md says how",
        ),
      ]
    : []),
  ...(isEncrypted || isOnThisMachine(state)
    ? []
    : [
        warning(
          "The connection to the server is not encrypted, so who is between can read what is in the state",
          "Add ?sslmode=require to the address of the state",
        ),
      ]),
  ...(commits === "off"
    ? [
        warning(
          "The server answers before a write is on its disk (synchronous_commit = off), so a power failure may lose what was recorded",
          "Set synchronous_commit to on, for the role at least",
        ),
      ]
    : []),
  ...(Math.abs(aheadMillis) > mostAheadMillis
    ? [
        warning(
          `The clock of the server is ${Math.round(Math.abs(aheadMillis) / 1_000)} s ${aheadMillis > 0 ? "ahead of" : "behind"} that of this host`,
          "Set both by NTP",
        ),
      ]
    : []),
]

const factsOf = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // In the place of a state that is not there yet, nothing is on a server.
  return yield* sql.onDialectOrElse({
    pg: () =>
      Effect.gen(function* () {
        const before = yield* Clock.currentTimeMillis
        const [row = []] = yield* sql`
          SELECT current_setting('server_version'), current_user::text,
            has_schema_privilege(current_schema(), 'CREATE') AND has_table_privilege('state_ownership', 'UPDATE'),
            current_setting('synchronous_commit'), (extract(epoch FROM clock_timestamp()) * 1000)::float8,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
            (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())`.values
        const after = yield* Clock.currentTimeMillis
        const [version, role, mayWrite, commits, now, isSuperuser, isEncrypted] = row
        return {
          version: String(version),
          role: String(role),
          mayWrite: mayWrite === true,
          isSuperuser: isSuperuser === true,
          isEncrypted: isEncrypted === true,
          commits: String(commits),
          aheadMillis: Number(now) - (before + after) / 2,
        } satisfies ServerFacts
      }),
    orElse: () => Effect.undefined,
  })
})

/** Looks at a state on Postgres. Fails where it cannot be used. */
export const lookAtServer = Effect.fnUntraced(function* (state: string) {
  const facts = yield* Effect.provide(Effect.orDie(factsOf), openStateToRead(state))
  return facts === undefined
    ? [ok(`${state} can be reached, and has no tables yet; the first apply makes them`)]
    : serverFindings(state, facts)
})

/** Who holds a state on Postgres. Fails where it cannot be used. */
export const lookAtHolder = (state: string) => Effect.provide(serverHolder, openStateToRead(state))

const report = SqlClient.SqlClient.use((sql) =>
  sql.onDialectOrElse({ pg: () => readClusterReport, orElse: () => Effect.undefined }),
)

/** Which runners share it. Fails where it cannot be used. */
export const lookAtRunners = (state: string) =>
  Effect.map(Effect.provide(Effect.orDie(report), openStateToRead(state)), clusterFindings)
