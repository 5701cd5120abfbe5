/** Lives through a course of strikes and then a rolling restart, while clients apply, and checks what is left at the end. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { TestPostgres } from "../../postgres/startPostgres.ts"
import { processesIn, untilGone } from "../processState.ts"
import { agentAt } from "./agentAt.ts"
import { checkCluster, checkSentOnce, lastCall } from "./checkCluster.ts"
import type { Course } from "./Course.ts"
import { hostNames, isThere, makeHosts, socketOf } from "./Hosts.ts"
import { makeStriker } from "./strikeHosts.ts"
import { type Client, documentOf, runClient } from "./workload.ts"

/** One host may be struck for most of a minute without a break, and then its agent has to start. */
const waitMillis = 180_000

export interface Life {
  readonly seed: string
  readonly course: Course
  readonly clients: number
}

export interface Lived {
  readonly clients: ReadonlyArray<Client>
  /** As the journal has them. */
  readonly commands: number
  readonly calls: number
}

export const liveThroughStrikes = Effect.fnUntraced(function* (server: TestPostgres, life: Life) {
  const cluster = yield* makeHosts({ server, times: "fast" })
  const { folder, hosts, until } = cluster
  const cloud = folder.at("cloud.db")
  const striker = yield* makeStriker(cluster)
  const first = yield* Effect.forEach(hostNames, (name) => striker.join(hosts[name]), { concurrency: "unbounded" })
  const allThere = until((now) => hostNames.every((name) => isThere(hosts[name])(now)))
  yield* allThere

  const agents = yield* Effect.forEach(first, (begun) => agentAt(socketOf(begun), { waitMillis }))
  let isOver = false
  const clients = Effect.forEach(
    Array.from({ length: life.clients }, (_, index) => index),
    (index) =>
      Effect.gen(function* () {
        const agent = agents[index % agents.length]!
        const name = `shop-${index}`
        const client = yield* runClient(agent, { cloud, isOver: () => isOver, name, seed: life.seed })
        return { agent, client }
      }),
    { concurrency: "unbounded" },
  )
  const happening = Effect.gen(function* () {
    yield* striker.follow(life.course)
    yield* allThere
    const before = lastCall(cloud)
    for (const name of hostNames) {
      yield* striker.restart(hosts[name])
      yield* until(isThere(hosts[name]))
    }
    isOver = true
    return before
  })
  const [done, before] = yield* Effect.all([clients, happening], { concurrency: "unbounded" })
  yield* striker.checkAlive
  checkSentOnce(cloud, before)
  for (const { agent, client } of done) {
    const { resources } = yield* agent.plan(documentOf(client.name, cloud, client.last))
    assert.deepEqual(
      resources.filter(({ operation }) => operation !== "noop"),
      [],
      `nothing is left to do on ${client.name}`,
    )
  }
  for (const name of hostNames) {
    const begun = striker.runnerOf(name)
    yield* begun.signal("SIGTERM")
    const { code, stderr } = yield* begun.ended
    assert.strictEqual(code, 0, stderr)
  }
  yield* Effect.forEach(processesIn(folder.at(".")), untilGone)
  const commands = yield* checkCluster(cluster, cloud)
  return { clients: done.map(({ client }) => client), commands, calls: lastCall(cloud) } satisfies Lived as Lived
}, Effect.scoped)
