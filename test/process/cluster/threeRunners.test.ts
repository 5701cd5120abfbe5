/** Three runners as processes, over one database: one is killed, one is paused, comes back and is stopped, one is cut from the database and comes back. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import { SqlClient } from "effect/sql/SqlClient"
import { chmodSync, readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { afterAll } from "vitest"
import { Agent } from "../../../src/agent/Agent.ts"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { readForma } from "../../../src/agent/index.ts"
import { parsePostgresUrl } from "../../../src/agent/store/postgres/PostgresAddress.ts"
import { layerClient } from "../../../src/agent/store/postgres/PostgresClient.ts"
import { type ClusterReport, readClusterReport } from "../../../src/cluster/ClusterReport.ts"
import { pruneMessages } from "../../../src/cluster/housekeeping.ts"
import { layerRemote } from "../../../src/control/index.ts"
import { newSchema } from "../../postgres/PostgresStores.ts"
import { password, startPostgres } from "../../postgres/startPostgres.ts"
import { beginIn, main, makeFolder } from "../formaeCommand.ts"
import { makeDatabaseProxy } from "./DatabaseProxy.ts"

const server = await startPostgres()
afterAll(server.stop)

const page = readFileSync(new URL("../../../docs/several-hosts.md", import.meta.url), "utf8")
/** The three terminals of the page. */
const [first, second, third] = [...page.matchAll(/^formae (agent --cluster 127\S+ .*)$/gm)].map(([, words = ""]) =>
  words.split(" "),
)
const words = { one: first ?? [], two: second ?? [], three: third ?? [] } as const
type Host = keyof typeof words

/** Which runner has a document follows from its name and from these addresses. */
const addresses = { one: words.one[2], two: words.two[2], three: words.three[2] }

const documentOf = (name: string, cloud: string) => `
name: ${name}
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ${cloud}, region: us-east-1, settleMillis: 2500 } }
resources:
  - { label: net, type: "FakeAWS::EC2::VPC", target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: logs, type: "FakeAWS::S3::Bucket", target: cloud, properties: { BucketName: logs-${name} } }
`

const setUp = Effect.gen(function* () {
  const folder = yield* makeFolder
  const whole = server.urlOf(newSchema())
  const shown = whole.replace(`:${password}`, "")
  const proxy = yield* makeDatabaseProxy(server.socketFolder)
  const environment = (url: string) => ({
    PGPASSWORD: password,
    FORMAE_STATE: url,
    FORMAE_STATE_KEY_FILE: folder.at("infra.key"),
    FORMAE_CLUSTER_TIMES: "fast",
    XDG_STATE_HOME: folder.at("own"),
    XDG_RUNTIME_DIR: folder.at("run"),
  })
  folder.write("run/here", "")
  folder.write("infra.key", Buffer.alloc(32, 7))
  chmodSync(folder.at("infra.key"), 0o600)
  const join = Effect.fnUntraced(function* (host: Host, url = shown) {
    const variables = Object.entries(environment(url)).map(([name, value]) => `${name}=${value}`)
    const begun = yield* beginIn(folder.at("."))("/usr/bin/env", ...variables, process.execPath, main, ...words[host])
    yield* Effect.raceFirst(
      begun.said("is a runner of the cluster"),
      Effect.flatMap(begun.ended, ({ stderr }) => Effect.die(stderr)),
    )
    return begun
  })
  const { schema, url } = Result.getOrThrow(parsePostgresUrl(whole))
  const report = Effect.map(Effect.provide(readClusterReport, layerClient({ url, schema })), (found) => {
    assert.isDefined(found)
    return found
  })
  /** A day and more goes by. */
  const ageMessages = Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`UPDATE cluster_messages SET last_read = last_read - INTERVAL '25 hours'`
    yield* pruneMessages
  }).pipe(Effect.provide(layerClient({ url, schema })))
  /** Waits until the cluster is so. */
  const until = (isSo: (report: ClusterReport) => boolean) =>
    Effect.repeat(Effect.delay(report, "50 millis"), { until: isSo })
  return {
    ageMessages,
    environment: environment(shown),
    folder,
    join,
    proxy,
    report,
    until,
    throughProxy: shown.replace(server.socketFolder, proxy.folder),
  }
})

const socketOf = ({ stderr }: { readonly stderr: () => string }) => {
  const socket = /listens at (\S+);/.exec(stderr())?.[1]
  assert.isDefined(socket, stderr())
  return socket
}

/** Asks the agent at a socket for an apply, and waits until each of its creates is under way. */
const begin = Effect.fnUntraced(function* (agent: Agent["Service"], name: string, cloud: string) {
  const underWay = new Set<string>()
  const reached = Deferred.makeUnsafe<void>()
  const { forma } = yield* readForma(documentOf(name, cloud), name)
  const running = yield* Effect.forkScoped(
    agent.apply(forma, {
      observe: (event) =>
        Effect.suspend(() => {
          if (event._tag === "Progressed") underWay.add(event.change.label)
          return underWay.size === 2 ? Deferred.succeed(reached, undefined) : Effect.void
        }),
    }),
  )
  yield* Effect.raceFirst(Deferred.await(reached), Fiber.join(running))
  return running
})

const runnerOf = ({ documents }: ClusterReport, name: string) => documents.find(({ forma }) => forma === name)?.runner

const isThere =
  (host: Host) =>
  ({ runners }: ClusterReport) =>
    runners.some(({ healthy, runner, shards }) => runner === addresses[host] && healthy && shards > 0)

/** The names of what there is in the cloud. */
const thingsIn = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare("SELECT native_id FROM resources").all()
  database.close()
  return rows.length
}

/** The names of its nodes, as a plugin of an agent was told them. */
const nodesOfPlugin = (agent: number) => {
  const children = readFileSync(`/proc/${agent}/task/${agent}/children`, "utf8").trim().split(" ")
  const variables = children.map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8").split("\0"))
  const found = variables.find((all) => all.some((one) => one.startsWith("FORMAE_PLUGIN_NODE=")))
  const valueOf = (name: string) => found?.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
  return [valueOf("FORMAE_AGENT_NODE"), valueOf("FORMAE_PLUGIN_NODE")]
}

const outcomeOf = ({ resources, status }: CommandResult) => [
  status,
  ...resources.map(({ label, status: ended }) => `${label} ${ended}`).toSorted(),
]
const created = ["succeeded", "logs succeeded", "net succeeded"]

const agentAt = (socket: string) => Effect.provide(Agent, layerRemote({ socket }))

describe("three runners", () => {
  it.live(
    "continue what one of them was doing that is killed, paused, cut from the database or stopped, once each",
    () =>
      Effect.gen(function* () {
        const { ageMessages, environment, folder, join, proxy, report, throughProxy, until } = yield* setUp
        const cloud = folder.at("cloud.db")
        const one = yield* join("one")
        const two = yield* join("two")
        const three = yield* join("three", throughProxy)
        yield* until((now) => isThere("one")(now) && isThere("two")(now) && isThere("three")(now))
        // Each has its part of the rate limits, and none more than that.
        yield* until(({ runners }) => runners.every(({ rateShares: [of] }) => of?.share === 1 / 3))
        const fromThree = yield* agentAt(socketOf(three))
        const begun = yield* Effect.forEach(["c", "a", "b"], (name) => begin(fromThree, name, cloud), {
          concurrency: "unbounded",
        })
        assert.deepEqual(nodesOfPlugin(one.pid), [
          `agent-${addresses.one?.split(":")[1]}@127.0.0.1`,
          "fake-aws-plugin@127.0.0.1",
        ])
        const before = yield* report
        assert.deepEqual(
          ["c", "a", "b"].map((name) => runnerOf(before, name)),
          [addresses.one, addresses.two, addresses.three],
        )

        yield* one.signal("SIGKILL")
        yield* two.signal("SIGSTOP")
        for (const running of begun) assert.deepEqual(outcomeOf(yield* Fiber.join(running)), created)

        yield* two.signal("SIGCONT")
        yield* until(isThere("two"))
        // It has taken over the socket of the one that was killed.
        yield* two.said("listens at")
        const fromTwo = yield* agentAt(socketOf(one))
        const cut = yield* begin(fromTwo, "e", cloud)
        assert.strictEqual(runnerOf(yield* report, "e"), addresses.three)
        yield* proxy.cut
        assert.deepEqual(outcomeOf(yield* Fiber.join(cut)), created)
        yield* proxy.restore
        yield* until(isThere("three"))

        // Who was paused or cut off sees what the others have done, and that it was done once.
        for (const name of ["c", "a", "b", "e"]) {
          const { forma } = yield* readForma(documentOf(name, cloud), name)
          const { resources, status } = yield* fromThree.plan(forma)
          assert.deepEqual([status, ...resources.map(({ operation }) => operation)], ["planned", "noop", "noop"])
        }
        assert.strictEqual(thingsIn(cloud), 8)

        const alone = yield* folder.formaeAs(
          {},
          { ...environment, FORMAE_STATE: `${environment.FORMAE_STATE}` },
        )("cluster")
        assert.strictEqual(alone.code, 0, alone.stderr)
        for (const host of ["two", "three"] as const) {
          assert.match(alone.stdout, new RegExp(`^${addresses[host]} +yes +FakeAWS +\\d+ `, "m"))
        }
        assert.strictEqual((yield* report).messages, 4)
        yield* ageMessages
        assert.deepInclude(yield* report, { messages: 0, unfinished: 0 })

        // The one that was paused and came back is stopped, with a command under way.
        const left = yield* begin(fromThree, "f", cloud)
        assert.strictEqual(runnerOf(yield* report, "f"), addresses.two)
        yield* two.signal("SIGTERM")
        const { code, stderr } = yield* two.ended
        assert.strictEqual(code, 0, stderr)
        assert.include(stderr, "All commands are at a safe point")
        assert.deepEqual(outcomeOf(yield* Fiber.join(left)), created)
        assert.strictEqual(thingsIn(cloud), 10)
      }),
    120_000,
  )
})
