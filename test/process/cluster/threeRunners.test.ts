/** Three runners as processes, over one database: one is killed, one is paused, comes back and is stopped, one is cut from the database and comes back. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { SqlClient } from "effect/sql/SqlClient"
import { readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { afterAll } from "vitest"
import type { Agent } from "../../../src/agent/Agent.ts"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { readForma } from "../../../src/agent/index.ts"
import { nothing } from "../../../src/agent/records/ClaimQueue.ts"
import { makeClaimRows } from "../../../src/agent/records/cluster/ClaimRows.ts"
import { partOfCommands } from "../../../src/agent/records/CurrentHolder.ts"
import type { ClusterReport } from "../../../src/cluster/ClusterReport.ts"
import { pruneMessages } from "../../../src/cluster/housekeeping.ts"
import { startPostgres } from "../../postgres/startPostgres.ts"
import { agentAt } from "./agentAt.ts"
import { type Host, makeHosts, socketOf } from "./Hosts.ts"

const server = await startPostgres()
afterAll(server.stop)

const documentOf = (name: string, cloud: string) => `
name: ${name}
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ${cloud}, region: us-east-1, settleMillis: 2500 } }
resources:
  - { label: net, type: "FakeAWS::EC2::VPC", target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: logs, type: "FakeAWS::S3::Bucket", target: cloud, properties: { BucketName: logs-${name} } }
`

const setUp = Effect.gen(function* () {
  const cluster = yield* makeHosts({ server, times: "fast" })
  const { database, placeOf } = cluster
  /** A day and more goes by. */
  const ageMessages = Effect.gen(function* () {
    const sql = yield* SqlClient
    // Of one that is handed over, it may not be known when it was read.
    yield* sql`UPDATE cluster_messages SET last_read = NULL WHERE id = (SELECT MIN(id) FROM cluster_messages)`
    yield* pruneMessages
    yield* sql`UPDATE cluster_messages SET last_read = last_read - INTERVAL '25 hours'`
    yield* pruneMessages
  }).pipe(Effect.provide(database))
  let made = 0
  /** A new name of a document that a host has. */
  const nameOn = Effect.fnUntraced(function* ({ address }: Host) {
    while (true) {
      const name = `d${(made += 1)}`
      if ((yield* placeOf(name)) === address) return name
    }
  })
  /** What a command of a host that is for no document leaves, if the host is killed in it. */
  const leaveClaim = ({ address }: Host, document: string) =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const row = { id: "left", runner: address, commandId: null, command: null, forma: null, since: 0 }
      const holder = { name: partOfCommands(address), epoch: 1, since: 0, takenOver: false }
      const granted = makeClaimRows(sql).enter(row, holder, { ...nothing, documents: [document] })
      assert.isUndefined(yield* sql.withTransaction(granted))
    }).pipe(Effect.provide(database))
  return { ...cluster, ageMessages, leaveClaim, nameOn }
})

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

describe("three runners", () => {
  it.live(
    "continue what one of them was doing that is killed, paused, cut from the database or stopped, once each",
    () =>
      Effect.gen(function* () {
        const { ageMessages, environment, folder, hosts, leaveClaim, nameOn, report, until, untilSettledOn } =
          yield* setUp
        const cloud = folder.at("cloud.db")
        const one = yield* hosts.one.join("shared")
        const two = yield* hosts.two.join("shared")
        const three = yield* hosts.three.join()
        yield* untilSettledOn([hosts.one, hosts.two, hosts.three])
        // Each has its part of the rate limits, and none more than that.
        yield* until(({ runners }) => runners.every(({ rateShares: [of] }) => of?.share === 1 / 3))
        const fromThree = yield* agentAt(socketOf(three))
        const names = yield* Effect.forEach([hosts.one, hosts.two, hosts.three], nameOn)
        const begun = yield* Effect.forEach(names, (name) => begin(fromThree, name, cloud), {
          concurrency: "unbounded",
        })
        assert.deepEqual(nodesOfPlugin(one.pid), [
          `agent-${hosts.one.address.split(":")[1]}@127.0.0.1`,
          "fake-aws-plugin@127.0.0.1",
        ])
        const before = yield* report
        assert.deepEqual(
          names.map((name) => runnerOf(before, name)),
          [hosts.one.address, hosts.two.address, hosts.three.address],
        )

        const claimed = yield* nameOn(hosts.three)
        yield* leaveClaim(hosts.one, claimed)
        const { forma: waiting } = yield* readForma(documentOf(claimed, cloud), claimed)
        const waits = yield* Effect.forkScoped(fromThree.apply(waiting))

        yield* one.signal("SIGKILL")
        yield* two.signal("SIGSTOP")
        yield* three.said(`${hosts.one.address} is gone. What its commands kept others from using is free`)
        for (const running of [...begun, waits]) assert.deepEqual(outcomeOf(yield* Fiber.join(running)), created)

        yield* two.signal("SIGCONT")
        yield* untilSettledOn([hosts.two, hosts.three])
        // It has taken over the socket of the one that was killed.
        yield* two.said("listens at")
        const fromTwo = yield* agentAt(socketOf(one))
        const onThree = yield* nameOn(hosts.three)
        const cut = yield* begin(fromTwo, onThree, cloud)
        assert.strictEqual(runnerOf(yield* report, onThree), hosts.three.address)
        yield* hosts.three.proxy.cut
        assert.deepEqual(outcomeOf(yield* Fiber.join(cut)), created)
        yield* hosts.three.proxy.restore
        yield* untilSettledOn([hosts.two, hosts.three])

        // Who was paused or cut off sees what the others have done, and that it was done once.
        for (const name of [...names, claimed, onThree]) {
          const { forma } = yield* readForma(documentOf(name, cloud), name)
          const { resources, status } = yield* fromThree.plan(forma)
          assert.deepEqual([status, ...resources.map(({ operation }) => operation)], ["planned", "noop", "noop"])
        }
        assert.strictEqual(thingsIn(cloud), 10)

        const alone = yield* folder.formaeAs({}, environment)("cluster")
        assert.strictEqual(alone.code, 0, alone.stderr)
        for (const { address } of [hosts.two, hosts.three]) {
          assert.match(alone.stdout, new RegExp(`^${address} +yes +FakeAWS +\\d+ `, "m"))
        }
        assert.strictEqual((yield* report).messages, 5)
        yield* ageMessages
        assert.deepInclude(yield* report, { messages: 0, unfinished: 0 })

        // The one that was paused and came back is stopped, with a command under way.
        const onTwo = yield* nameOn(hosts.two)
        const left = yield* begin(fromThree, onTwo, cloud)
        assert.strictEqual(runnerOf(yield* report, onTwo), hosts.two.address)
        yield* two.signal("SIGTERM")
        const { code, stderr } = yield* two.ended
        assert.strictEqual(code, 0, stderr)
        assert.include(stderr, "All commands are at a safe point")
        assert.deepEqual(outcomeOf(yield* Fiber.join(left)), created)
        assert.strictEqual(thingsIn(cloud), 12)
      }),
    120_000,
  )
})
