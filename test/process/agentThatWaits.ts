/**
 * An agent for a test to kill: starts FakeAWS, prints the plugin's pid, and
 * waits for ever; `busy` leaves a call in flight that does not end.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { callsOn, layerPlugins, operatorOf } from "./clouds.ts"

const [work = "idle", cloud = ""] = process.argv.slice(2)

const hanging = {
  cloud,
  region: "us-east-1",
  faults: [{ operation: "create", when: "before", action: "hang" }],
}

const main = Effect.gen(function* () {
  const operator = yield* operatorOf("FakeAWS")
  const coordinator = yield* PluginCoordinator
  if (work === "busy") {
    yield* Effect.forkScoped(callsOn(operator, "FakeAWS::S3::Bucket", hanging).create({ BucketName: "never" }))
    // An answer to a later call says that the earlier one has arrived.
    yield* callsOn(operator, "FakeAWS::S3::Bucket", { cloud, region: "us-east-1" }).read("nothing")
  }
  for (const { state } of yield* coordinator.status) {
    if (state._tag === "Ready") yield* Console.log(state.launch.identity.pid)
  }
  return yield* Effect.never
})

main.pipe(Effect.scoped, Effect.provide(layerPlugins), NodeRuntime.runMain)
