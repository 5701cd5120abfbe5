import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { layerRemote } from "../../../src/control/remote/layerRemote.ts"
import { memoryOf } from "../../../scripts/bench/measure/Memory.ts"
import { checkInvariants, cloudResources, rowsOf } from "../../survival/invariants.ts"
import { main, makeFolderFor } from "../formaeCommand.ts"
import { killAgainAndAgain } from "./plugins.ts"
import { documentOf, type Load } from "./work.ts"

const numberOf = (name: string, otherwise: number): number => Number(process.env[`FORMAE_LOAD_${name}`] ?? otherwise)

/** `npm run load` sets them. */
const load: Load = {
  clients: numberOf("CLIENTS", 200),
  documents: numberOf("DOCUMENTS", 50),
  resources: 20,
  rounds: numberOf("ROUNDS", 6),
}

const killMillis = 1_000

/** All crashes are kills of this test, so none of them may quarantine a plugin. */
const configuration = {
  supervision: { restart: { baseMillis: 50, capMillis: 200, intensity: { restarts: 1_000_000, withinMillis: 1_000 } } },
}

/** An operation that was under way at two kills in a row is set aside: its client applies again. */
const maxApplies = 50

/** One client: applies its document until it is as wanted, and is told each event once. */
const client = Effect.fnUntraced(function* (socket: string, cloud: string, number: number, round: number) {
  return yield* Effect.gen(function* () {
    const agent = yield* Agent
    const forma = documentOf(cloud, number % load.documents, load, round)
    const began = yield* Clock.currentTimeMillis
    let applies = 0
    const finished = new Map<string, number>()
    const observe = (event: ChangeEvent) =>
      Effect.sync(() => {
        if (event._tag !== "Finished" || event.result.operation === "noop") return
        const name = `${event.commandId} ${event.result.label}`
        finished.set(name, (finished.get(name) ?? 0) + 1)
      })
    const result = yield* Effect.suspend(() => {
      applies += 1
      return agent.apply(forma, { observe })
    }).pipe(Effect.repeat({ until: ({ status }) => status === "succeeded", times: maxApplies }))
    assert.strictEqual(result.status, "succeeded", JSON.stringify(result.resources.filter(({ error }) => error)))
    assert.isTrue(
      [...finished.values()].every((times) => times === 1),
      "each change was told once",
    )
    return { applies, millis: (yield* Clock.currentTimeMillis) - began }
  }).pipe(Effect.provide(layerRemote({ socket }, { waitMillis: 600_000 })))
})

/** How many calls the cloud has had. */
const callsIn = (cloud: string): number =>
  rowsOf<{ readonly calls: number }>(cloud, "SELECT count(*) AS calls FROM calls")[0]?.calls ?? 0

const middle = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

describe("an agent with many clients, whose plugin is killed every second", () => {
  it.live(
    "ends all that they ask for, and nothing is lost or done twice",
    () =>
      Effect.gen(function* () {
        const folder = yield* makeFolderFor(main)
        const cloud = folder.at("cloud.db")
        folder.write("load.json", JSON.stringify(configuration))
        const agent = yield* folder.begin("agent", "--config", "load.json")
        yield* agent.said("listens at")
        const status = JSON.parse((yield* folder.formae("agent", "status", "--json")).stdout) as {
          readonly agent: { readonly socket: string }
        }
        let kills = 0
        let seen = 0
        const hasWorked = () => {
          const before = seen
          seen = callsIn(cloud)
          return seen > before
        }
        yield* Effect.forkScoped(killAgainAndAgain(agent.pid, killMillis, hasWorked, () => (kills += 1)))
        const numbers = Array.from({ length: load.clients }, (_, number) => number)
        const memory: Array<number> = []
        const served: Array<Effect.Success<ReturnType<typeof client>>> = []
        const began = yield* Clock.currentTimeMillis
        for (let round = 0; round < load.rounds; round += 1) {
          const one = Effect.forEach(numbers, (number) => client(status.agent.socket, cloud, number, round), {
            concurrency: "unbounded",
          })
          served.push(...(yield* one))
          memory.push(memoryOf(agent.pid).residentKiB / 1024)
          process.stderr.write(`round ${round + 1}: ${memory.at(-1)?.toFixed(0)} MiB, ${kills} kills\n`)
        }
        const seconds = ((yield* Clock.currentTimeMillis) - began) / 1_000
        assert.isAbove(kills, 0)
        yield* agent.signal("SIGTERM")
        assert.strictEqual((yield* agent.ended).code, 0)
        checkInvariants(cloud, folder.at(".formae/state.db"))
        assert.lengthOf(cloudResources(cloud), load.documents * load.resources)
        const made = rowsOf<{ readonly made: number }>(
          cloud,
          "SELECT count(DISTINCT native_id) AS made FROM calls WHERE operation = 'create' AND native_id IS NOT NULL",
        )
        assert.strictEqual(made[0]?.made, load.documents * load.resources, "nothing was made twice")
        const applies = served.reduce((sum, one) => sum + one.applies, 0)
        const millis = served.map((one) => one.millis)
        process.stderr.write(
          `${load.clients} clients in ${load.rounds} rounds, ${applies} applies, ${kills} kills of the plugin, ${seconds.toFixed(0)} s; a client waited ${middle(millis)} ms (median), at most ${Math.max(...millis)}; resident memory of the agent after each round: ${memory.map((one) => one.toFixed(0)).join(", ")} MiB\n`,
        )
        // The first rounds fill caches.
        const level = Math.max(...memory.slice(0, Math.ceil(load.rounds / 2)))
        assert.isBelow(Math.max(...memory), level * 1.25, "memory stays level")
      }).pipe(Effect.scoped),
    3_600_000,
  )
})
