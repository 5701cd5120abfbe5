/** Three hosts of one cluster on this machine, whose runners are processes. Each reaches the database by a proxy that can be cut. */
import { assert } from "@effect/vitest"
import { chmodSync, readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as HashRing from "effect/HashRing"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { parsePostgresUrl } from "../../../src/agent/store/postgres/PostgresAddress.ts"
import { layerClient } from "../../../src/agent/store/postgres/PostgresClient.ts"
import { type ClusterReport, readClusterReport } from "../../../src/cluster/ClusterReport.ts"
import { entityIdOf, groupOf } from "../../../src/cluster/placement.ts"
import { runnerName } from "../../../src/cluster/runnerNames.ts"
import { shardingConfig } from "../../../src/cluster/shardingConfig.ts"
import { newSchema } from "../../postgres/PostgresStores.ts"
import { password, type TestPostgres } from "../../postgres/startPostgres.ts"
import { beginIn, type Begun, main, makeFolder } from "../formaeCommand.ts"
import { type DatabaseProxy, makeDatabaseProxy } from "./DatabaseProxy.ts"
import { freePorts } from "./freePorts.ts"

const page = readFileSync(new URL("../../../docs/several-hosts.md", import.meta.url), "utf8")

/** What the page writes in each of its three terminals. */
const terminals = [...page.matchAll(/^formae (agent --cluster 127\S+ .*)$/gm)].map(([, words = ""]) => words.split(" "))

/** The variables that the page sets. */
const variablesOfPage = [...page.matchAll(/^export (\w+)=/gm)].map(([, name = ""]) => name)

export const hostNames = ["one", "two", "three"] as const
export type HostName = (typeof hostNames)[number]

export interface Host {
  readonly name: HostName
  /** Where other runners reach it. */
  readonly address: string
  readonly proxy: DatabaseProxy
  /** Starts a runner there, and waits until it is one. Those that share a link to the database share the socket for commands too. */
  readonly join: (link?: "own" | "shared") => Effect.Effect<Begun, never, Scope.Scope>
}

export interface HostsOptions {
  readonly server: TestPostgres
  readonly times: "fast" | "default"
}

export const makeHosts = Effect.fnUntraced(function* ({ server, times }: HostsOptions) {
  const folder = yield* makeFolder
  const whole = server.urlOf(newSchema())
  const shown = whole.replace(`:${password}`, "")
  const environmentOf = (url: string) => ({
    PGPASSWORD: password,
    FORMAE_STATE: url,
    FORMAE_STATE_KEY_FILE: folder.at("infra.key"),
    FORMAE_CLUSTER_TIMES: times,
    XDG_STATE_HOME: folder.at("own"),
    XDG_RUNTIME_DIR: folder.at("run"),
  })
  const environment = environmentOf(shown)
  assert.includeMembers(Object.keys(environment), variablesOfPage)
  folder.write("run/here", "")
  folder.write("infra.key", Buffer.alloc(32, 7))
  chmodSync(folder.at("infra.key"), 0o600)

  const ports = yield* freePorts(hostNames.length)
  const begin = beginIn(folder.at("."))
  const hosts = yield* Effect.forEach(hostNames, (name, index) =>
    Effect.gen(function* () {
      const proxy = yield* makeDatabaseProxy(server.socketFolder)
      const [agent = "", flag = "", written = "", ...rest] = terminals[index] ?? []
      const address = written.replace(/\d+$/, String(ports[index]))
      const throughProxy = shown.replace(server.socketFolder, proxy.folder)
      const join = Effect.fnUntraced(function* (link: "own" | "shared" = "own") {
        const variables = Object.entries(environmentOf(link === "own" ? throughProxy : shown))
        const words = variables.map(([variable, value]) => `${variable}=${value}`)
        const begun = yield* begin("/usr/bin/env", ...words, process.execPath, main, agent, flag, address, ...rest)
        yield* Effect.raceFirst(
          begun.said("is a runner of the cluster"),
          Effect.flatMap(begun.ended, ({ stderr }) => Effect.die(stderr)),
        )
        return begun
      })
      return { name, address, proxy, join } satisfies Host as Host
    }),
  )
  const [one, two, three] = hosts
  assert.isDefined(one)
  assert.isDefined(two)
  assert.isDefined(three)

  const { schema, url } = Result.getOrThrow(parsePostgresUrl(whole))
  const database = layerClient({ url, schema })
  const report = Effect.map(Effect.provide(readClusterReport, database), (found) => {
    assert.isDefined(found)
    return found
  })
  return {
    database,
    environment,
    folder,
    hosts: { one, two, three } as const,
    report,
    /** Waits until the cluster is so. */
    until: (isSo: (report: ClusterReport) => boolean) =>
      Effect.repeat(Effect.delay(report, "50 millis"), { until: isSo }),
    /** Waits until these have all shards, each its own, as where nobody else is there. */
    untilSettledOn: (there: ReadonlyArray<Host>) =>
      Effect.repeat(Effect.delay(Effect.provide(addressesOfShards, database), "50 millis"), {
        until: (addresses) => addresses.join() === placesAmong(there).join(),
      }),
    /** The address of the runner that has a document on FakeAWS, or will have it once it is asked for. */
    placeOf: (name: string) =>
      Effect.gen(function* () {
        const sql = yield* SqlClient
        const rows = yield* sql`SELECT address FROM cluster_locks WHERE shard_id = ${shardOf(name)}`.values
        return rows[0] === undefined ? undefined : String(rows[0][0])
      }).pipe(Effect.provide(database)),
  }
})

export type Hosts = Effect.Success<ReturnType<typeof makeHosts>>

const group = groupOf(["FakeAWS"])
const { shardsPerGroup } = shardingConfig({ host: "", port: 0, namespaces: [] })

const addressesOfShards = Effect.gen(function* () {
  const sql = yield* SqlClient
  const rows = yield* sql`SELECT shard_id, address FROM cluster_locks`.values
  const found = new Map(rows.map(([shard, address]) => [shard, address]))
  return Array.from({ length: shardsPerGroup }, (_, index) => found.get(`${group}:${index + 1}`))
})

/** Which host is to have each shard, as the engine of the cluster decides it. */
const placesAmong = (there: ReadonlyArray<Host>) => {
  const ring = HashRing.make<RunnerAddress.RunnerAddress>()
  for (const { address } of there) {
    const [host = "", port] = address.split(":")
    HashRing.add(ring, RunnerAddress.make(host, Number(port)))
  }
  return (HashRing.getShards(ring, shardsPerGroup) ?? []).map(runnerName)
}

/** As the engine of the cluster finds it. */
const shardOf = (name: string) => `${group}:${Math.abs(Hash.string(entityIdOf(group, name)) % shardsPerGroup) + 1}`

/** Whether a host answers, and has its part of the documents. */
export const isThere =
  ({ address }: Host) =>
  ({ runners }: ClusterReport): boolean =>
    runners.some(({ healthy, runner, shards }) => runner === address && healthy && shards > 0)

/** The socket that a runner listens at for the commands of its machine. */
export const socketOf = ({ stderr }: Pick<Begun, "stderr">): string => {
  const socket = /listens at (\S+);/.exec(stderr())?.[1]
  assert.isDefined(socket, stderr())
  return socket
}
