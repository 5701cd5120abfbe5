/** How long a command is without a runner: measured with five documents on one runner, each in another phase. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import { formaOf, type Resources } from "../../agent/shop.ts"
import type { TestPostgres } from "../../postgres/startPostgres.ts"
import { rowsOf } from "../../survival/invariants.ts"
import { agentAt } from "./agentAt.ts"
import { hostNames, isThere, makeHosts, socketOf } from "./Hosts.ts"
import { makeStriker } from "./strikeHosts.ts"

export const phases = ["create", "poll", "update", "delete", "replace"] as const
export type Phase = (typeof phases)[number]
export const measuredKinds = ["kill", "pause", "cut"] as const
export type MeasuredKind = (typeof measuredKinds)[number]

/** Longer than it takes until another runner follows. */
const busyMillis = 60_000

/** A call that hangs, once. The next runner asks what became of it, or sends it again. */
const hanging = (operation: string) => [{ operation, when: "before", action: "delay", millis: busyMillis }]

const bucket = (name: string, tag: string): Resources => ({
  logs: ["FakeAWS::S3::Bucket", { BucketName: `logs-${name}`, Tags: [{ Key: "of", Value: tag }] }],
})
const network = (cidr: string): Resources => ({ net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }] })

interface Work {
  readonly before: Resources
  readonly wanted: Resources
  readonly settleMillis?: number
  readonly faults?: ReturnType<typeof hanging>
  /** The call that is under way at the strike. */
  readonly call: string
}

const workOf = (phase: Phase, name: string): Work => {
  switch (phase) {
    case "create":
      return { before: {}, wanted: bucket(name, "a"), faults: hanging("create"), call: "create" }
    case "poll":
      return { before: {}, wanted: bucket(name, "a"), settleMillis: busyMillis, call: "status" }
    case "update":
      return { before: bucket(name, "a"), wanted: bucket(name, "b"), faults: hanging("update"), call: "update" }
    case "delete":
      return { before: bucket(name, "a"), wanted: {}, faults: hanging("delete"), call: "delete" }
    case "replace":
      return {
        before: network("10.0.0.0/16"),
        wanted: network("10.2.0.0/16"),
        faults: hanging("create"),
        call: "create",
      }
  }
}

interface Call {
  readonly at: number
  readonly pid: number
  readonly operation: string
}

/** In milliseconds from the strike until another runner makes the next call for the same document. */
export type Times = Readonly<Record<Phase, number>>

export const measureTakeOver = Effect.fnUntraced(function* (
  server: TestPostgres,
  kind: MeasuredKind,
  times: "fast" | "default",
) {
  const cluster = yield* makeHosts({ server, times })
  const { folder, hosts, placeOf, until } = cluster
  const striker = yield* makeStriker(cluster)
  const begun = yield* Effect.forEach(hostNames, (name) => striker.join(hosts[name]), { concurrency: "unbounded" })
  yield* until((now) => hostNames.every((name) => isThere(hosts[name])(now)))
  const agent = yield* agentAt(socketOf(begun[0]!))
  const victim = hosts.two
  const names: Array<string> = []
  for (let number = 0; names.length < phases.length; number++) {
    const name = `shop-${number}`
    if ((yield* placeOf(name)) === victim.address) names.push(name)
  }
  /** Each document has a cloud of its own, so that its calls are told apart. */
  const cloudOf = (phase: Phase) => folder.at(`${phase}.db`)
  const callsOf = (phase: Phase): ReadonlyArray<Call> => {
    try {
      return rowsOf<Call>(cloudOf(phase), "SELECT at, pid, operation FROM calls ORDER BY seq")
    } catch {
      return []
    }
  }
  const works = phases.map((phase, index) => {
    const name = names[index]!
    const { before, call, faults = [], settleMillis = 0, wanted } = workOf(phase, name)
    const forma = (resources: Resources, isMeasured: boolean): Forma =>
      formaOf(
        name,
        {
          cloud: cloudOf(phase),
          region: "eu-west-1",
          settleMillis: isMeasured ? settleMillis : 0,
          faults: isMeasured ? faults : [],
        },
        resources,
      )
    return { phase, name, call, before: forma(before, false), wanted: forma(wanted, true) }
  })
  yield* Effect.forEach(works, ({ before }) => agent.apply(before), { concurrency: "unbounded", discard: true })
  const seen = new Map(phases.map((phase) => [phase, callsOf(phase).length]))
  const later = (phase: Phase) => callsOf(phase).slice(seen.get(phase))
  const running = yield* Effect.forEach(works, ({ wanted }) => Effect.forkChild(agent.apply(wanted)))
  const isUnderWay = () => works.every(({ call, phase }) => later(phase).some(({ operation }) => operation === call))
  yield* Effect.repeat(Effect.delay(Effect.sync(isUnderWay), "20 millis"), { until: (all) => all })
  const plugins = new Set(phases.flatMap((phase) => later(phase).map(({ pid }) => pid)))
  assert.lengthOf([...plugins], 1, "all are on one runner")

  const struckAt = yield* Effect.sync(() => Date.now())
  yield* kind === "cut"
    ? victim.proxy.cut
    : striker.runnerOf(victim.name).signal(kind === "kill" ? "SIGKILL" : "SIGSTOP")
  const nextOf = (phase: Phase) => later(phase).find(({ pid }) => !plugins.has(pid))
  yield* Effect.repeat(
    Effect.delay(
      Effect.sync(() => phases.every((phase) => nextOf(phase) !== undefined)),
      "20 millis",
    ),
    { until: (all) => all },
  )
  yield* Effect.forEach(running, Fiber.interrupt, { concurrency: "unbounded" })
  return Object.fromEntries(phases.map((phase) => [phase, nextOf(phase)!.at - struckAt])) as unknown as Times
}, Effect.scoped)
