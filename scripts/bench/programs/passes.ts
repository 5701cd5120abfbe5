/**
 * Runs one command that goes through all resources of a state, and prints a
 * `PassResult`. Its arguments are the folder of the plugins, the state, the
 * folder for the cloud, the command, and how many resources there are. `apply` makes them
 * and prints nothing.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Agent } from "../../../src/agent/Agent.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { peakResidentKiB } from "../measure/Memory.ts"
import { isPassName, type PassName, type PassResult } from "../report/Results.ts"
import { familiesForma } from "./familiesForma.ts"
import { cpuOf, layerAgentOn } from "./scaleAgent.ts"

const [plugins = ".", state = "", folder = ".", name = "", count = "0"] = process.argv.slice(2)
const resources = Number(count)

/** How many resources each command says that it has found. Those of `drift` are what differs. */
const passes = (agent: Agent["Service"]): { readonly [name in PassName]: Effect.Effect<number, object> } => ({
  sync: Effect.map(agent.sync(), ({ read = 0, resources: { length } }) => read - length),
  drift: Effect.map(agent.drift(), ({ notes = [], resources: { length } }) => resources - length - notes.length),
  inventory: Effect.map(agent.inventory, ({ resources: { length } }) => length),
  "inventory --json": Effect.flatMap(agent.inventoryStream, (found) => Stream.runCount(found.resources)),
})

const main = Effect.gen(function* () {
  const agent = yield* Agent
  yield* PluginCoordinator.use(({ capabilities }) => capabilities("FakeAWS"))
  if (!isPassName(name)) {
    const { status } = yield* agent.apply(familiesForma(`${folder}/cloud.db`, resources))
    return status === "succeeded" ? undefined : yield* Effect.die(`the apply ended as ${status}`)
  }
  const { made, millis } = yield* cpuOf(passes(agent)[name])
  if (made !== resources) return yield* Effect.die(`${name} found ${made} of ${resources} resources as wanted`)
  const result: PassResult = { name, resources, cpuMillis: millis, peakMiB: peakResidentKiB() / 1024 }
  process.stdout.write(`${JSON.stringify(result)}\n`)
})

await Effect.runPromise(Effect.provide(main, layerAgentOn(plugins, state)))
