/** What runners of a cluster cost their database: with nothing to do, and in one apply. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { password, startPostgres } from "../../test/postgres/startPostgres.ts"
import { familiesForma } from "../bench/programs/familiesForma.ts"
import type { MeasuredTable } from "./measureFile.ts"

export interface MeasuredCluster {
  readonly runners: number
  readonly idleMillis: number
  /** How many transactions they had in that time. */
  readonly idleTransactions: number
  /** How many connections they have. */
  readonly connections: number
  readonly resources: number
  /** How many transactions an apply of them has. */
  readonly applyTransactions: number
  readonly tables: ReadonlyArray<MeasuredTable>
}

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))
const firstPort = 7341
const schema = "scale"
/** What a session has done is told to others once it rests for so long. */
const toldAfterMillis = 2_000

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
}

const ready = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ""
    child.stderr?.on("data", (bytes) => {
      said += String(bytes)
      if (said.includes("is a runner of the cluster")) resolve()
    })
    child.once("exit", () => reject(new Error(said)))
  })

const tables = SqlClient.use((sql) =>
  Effect.gen(function* () {
    yield* sql`ANALYZE`
    const sizes = yield* sql<{ name: string; bytes: number }>`
      SELECT relname AS name, pg_total_relation_size(oid)::int AS bytes FROM pg_class
      WHERE relkind = 'r' AND relnamespace = ${schema}::regnamespace AND relname NOT LIKE 'formae%' ORDER BY bytes DESC`
    const found = yield* Effect.forEach(sizes, ({ bytes, name }) =>
      Effect.map(
        sql<{ rows: number }>`SELECT count(*)::int AS rows FROM ${sql(schema)}.${sql(name)}`,
        ([row]): MeasuredTable => ({ table: name, bytes, rows: row?.rows ?? 0 }),
      ),
    )
    return found.filter(({ rows }) => rows > 0)
  }),
)

export const measureCluster = async (
  folder: string,
  {
    idleMillis,
    resources,
    runners,
  }: { readonly idleMillis: number; readonly resources: number; readonly runners: number },
): Promise<MeasuredCluster> => {
  const server = await startPostgres()
  const ask = <A, E>(use: Effect.Effect<A, E, SqlClient>) =>
    Effect.runPromise(
      Effect.provide(use, Layer.orDie(PgClient.layer({ url: Redacted.make(server.adminUrl), maxConnections: 1 }))),
    )
  const count = (statement: string) =>
    ask(SqlClient.use((sql) => Effect.map(sql.unsafe(statement).values, ([row]) => Number(row?.[0]))))
  /** Of the state alone: it has a database for itself, and who asks has another role. */
  const transactions = async () => {
    await setTimeout(toldAfterMillis)
    return count("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()")
  }
  mkdirSync(`${folder}/run`)
  writeFileSync(`${folder}/infra.key`, Buffer.alloc(32, 7))
  chmodSync(`${folder}/infra.key`, 0o600)
  writeFileSync(`${folder}/bench.json`, JSON.stringify(familiesForma(`${folder}/clustered.db`, resources)))
  const start = (...words: ReadonlyArray<string>) =>
    spawn(process.execPath, ["--conditions=formae-source", main, ...words], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        PGPASSWORD: password,
        FORMAE_STATE: server.urlOf(schema).replace(`:${password}`, ""),
        FORMAE_STATE_KEY_FILE: `${folder}/infra.key`,
        XDG_STATE_HOME: folder,
        XDG_RUNTIME_DIR: `${folder}/run`,
      },
    })
  const agents: Array<ChildProcess> = []
  try {
    for (let index = 0; index < runners; index++) {
      const agent = start("agent", "--cluster", `127.0.0.1:${firstPort + index}`, "--namespaces", "FakeAWS")
      agents.push(agent)
      await ready(agent)
    }
    // Until shards have found their runners.
    await setTimeout(10_000)
    const first = await transactions()
    await setTimeout(idleMillis - toldAfterMillis)
    const second = await transactions()
    const connections = await count("SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'shop'")
    const apply = start("apply", "bench.json", "--yes")
    let said = ""
    apply.stderr?.on("data", (bytes) => (said += String(bytes)))
    await ended(apply)
    if (apply.exitCode !== 0) throw new Error(said)
    const third = await transactions()
    return {
      runners,
      idleMillis,
      idleTransactions: second - first,
      connections,
      resources,
      applyTransactions: third - second,
      tables: await ask(tables),
    }
  } finally {
    for (const agent of agents) agent.kill("SIGTERM")
    await Promise.all(agents.map(ended))
    await server.stop()
  }
}
