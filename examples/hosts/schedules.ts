/** A program whose policies are Schedules: when plugins are restarted, and when calls are retried and polled. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Agent, type Forma, PluginCoordinator, type RestartPolicy, Store } from "formae/agent"
import { inProcess, type OperatorSchedules } from "formae/plugin"
import type { Failure } from "formae/protocol"
import { beforeCall, firstCalls, refuse, withFaults } from "formae/testing"
import { makeGallery } from "./gallery.ts"
import { notes } from "./notes.ts"
import { makeTwoNotes } from "./twoNotes.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

/** A plugin that crashes is restarted after 100 ms, 200 ms and so on. After a third restart it is quarantined. */
const restart: RestartPolicy = {
  delays: Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 3 })),
  intensity: { restarts: 3, withinMillis: 60_000 },
  healthyPeriod: Duration.minutes(1),
}

const schedules: OperatorSchedules = {
  // The input is the failure: here, only throttling is worth another try.
  retry: Schedule.spaced("50 millis").pipe(
    Schedule.setInputType<Failure>(),
    Schedule.while(({ input }) => input.code === "Throttling"),
    Schedule.upTo({ times: 5 }),
  ),
  poll: Schedule.spaced("100 millis"),
}

/** Notes on a board that throttles the first two creates. */
const throttled = inProcess(withFaults(notes, beforeCall(firstCalls("Create", 2), refuse("Throttling"))), schedules)

const applyAndPrint = Effect.fnUntraced(function* (forma: Forma) {
  const { apply } = yield* Agent
  const { resources } = yield* apply(forma)
  for (const { attempts, crashes, label, status } of resources) {
    yield* Console.log(`${label}: ${status}, ${attempts} attempts, ${crashes.length} crashes`)
  }
})

const layerProcesses = PluginCoordinator.layerProcesses([pluginFolder], { policy: () => restart })
const layerLinkedIn = PluginCoordinator.layerInProcess([throttled])
const layerAgent = Layer.provide(Agent.layer, Store.layerMemory)

const main = Effect.gen(function* () {
  const crashing = { faults: [{ operation: "create", when: "before", action: "crash" }] } as const
  const gallery = yield* makeGallery("gallery", crashing)
  yield* applyAndPrint(gallery).pipe(Effect.provide(Layer.provide(layerAgent, layerProcesses)))
  const twoNotes = yield* makeTwoNotes("tea", 250)
  yield* applyAndPrint(twoNotes).pipe(Effect.provide(Layer.provide(layerAgent, layerLinkedIn)))
})

main.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
