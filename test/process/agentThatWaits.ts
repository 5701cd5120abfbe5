/**
 * An agent for a test to kill: starts FakeAWS, prints the plugin's pid, and
 * waits forever. `busy` leaves a call in flight that does not end, `stalled`
 * one that blocks the plugin's event loop.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { callsOn, layerPlugins, operatorOf } from "./clouds.ts"

const [work = "idle", cloud = ""] = process.argv.slice(2)

const faulty = (action: "hang" | "stall") => ({
  cloud,
  region: "us-east-1",
  faults: [{ operation: "create", when: "before", action }],
})

const main = Effect.gen(function* () {
  const operator = yield* operatorOf("FakeAWS")
  const coordinator = yield* PluginCoordinator
  if (work === "busy") {
    yield* Effect.forkScoped(callsOn(operator, "FakeAWS::S3::Bucket", faulty("hang")).create({ BucketName: "never" }))
    // The answer to a later call shows that the earlier one has arrived.
    yield* callsOn(operator, "FakeAWS::S3::Bucket", { cloud, region: "us-east-1" }).read("nothing")
  }
  if (work === "stalled") {
    yield* Effect.forkScoped(callsOn(operator, "FakeAWS::S3::Bucket", faulty("stall")).create({ BucketName: "never" }))
    // A call without an answer shows that its loop is blocked.
    yield* callsOn(operator, "FakeAWS::S3::Bucket", { cloud, region: "us-east-1" })
      .read("nothing")
      .pipe(Effect.timeoutOption("300 millis"), Effect.repeat({ until: Option.isNone }))
  }
  for (const { state } of yield* coordinator.status) {
    if (state._tag === "Ready") yield* Console.log(state.launch.identity.pid)
  }
  return yield* Effect.never
})

main.pipe(Effect.scoped, Effect.provide(layerPlugins), NodeRuntime.runMain)
