/**
 * The long form of test/process/leaks.test.ts: starts a plugin and lets it crash,
 * again and again, and prints ten times what the agent holds. Ends with 1 if that
 * has grown from the first tenth of the cycles to the last. Run it as
 * `node --conditions=formae-source scripts/soakRestarts.ts [CYCLES]`, with 1,000
 * cycles if none are given.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { countingResources, grown, heapUsedMiB } from "../test/agent/supervision/resourcesHeld.ts"
import { hurried, visit } from "../test/process/museum/visit.ts"

const mostCycles = 100_000
const cycles = Math.min(Math.max(Number(process.argv[2] ?? 1_000), 10), mostCycles)
const tenth = Math.ceil(cycles / 10)

/** How much more V8 and the allocator may keep for later, over all cycles. */
const allowedMiB = { heap: 4, resident: 48 }

const main = countingResources(
  Effect.fnUntraced(function* (held) {
    const museum = yield* visit("crashes-on-demand", {
      ...hurried,
      restart: { ...hurried.restart, intensity: { restarts: 2 * cycles, withinMillis: 3_600_000 } },
    })
    const cycle = Effect.gen(function* () {
      yield* Effect.flip(museum.read("any"))
      yield* museum.next("Crashed")
      yield* museum.next("Ready")
    })
    const sample = Effect.gen(function* () {
      yield* Effect.repeat(cycle, { times: tenth - 1 })
      // What the last launch held is released shortly after the next launch is ready.
      yield* Effect.sleep("1 second")
      museum.logged.length = 0
      const now = { ...(yield* held), heapMiB: heapUsedMiB(), residentMiB: process.memoryUsage().rss / 2 ** 20 }
      yield* Console.log(
        Object.entries(now)
          .map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`)
          .join("  "),
      )
      return now
    })
    const samples = yield* Effect.all(Array.from({ length: 10 }, () => sample))
    const first = samples[0]!
    const last = samples.at(-1)!
    const leaked = grown(first, {
      ...last,
      heapMiB: last.heapMiB - allowedMiB.heap,
      residentMiB: last.residentMiB - allowedMiB.resident,
    })
    yield* Console.log(leaked.length === 0 ? `${10 * tenth} cycles leaked nothing` : `leaked: ${leaked.join("; ")}`)
    process.exitCode = leaked.length === 0 ? 0 : 1
  }),
)

main.pipe(Effect.scoped, NodeRuntime.runMain)
