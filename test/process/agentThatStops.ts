/**
 * An agent that stops itself by SIGSTOP while a call is in flight, as a machine
 * that goes to sleep would stop it, for longer than the call may take. When
 * somebody lets it go on, it prints how the call has ended.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { defaultSupervisionSettings } from "../../src/agent/supervision/SupervisionSettings.ts"
import { pluginsFolder } from "../bundles/folders.ts"
import { callsOn, operatorOf } from "./clouds.ts"

const [cloud = "", limit = "", delay = ""] = process.argv.slice(2)

const layer = PluginCoordinator.layerProcesses([pluginsFolder], {
  supervision: () => ({
    ...defaultSupervisionSettings,
    limits: { ...defaultSupervisionSettings.limits, operationMillis: Number(limit) },
  }),
}).pipe(Layer.provideMerge(NodeServices.layer))

const main = Effect.gen(function* () {
  const operator = yield* operatorOf("FakeAWS")
  const target = { cloud, region: "us-east-1", settleMillis: 0 }
  const slow = {
    ...target,
    faults: [{ operation: "create", when: "before", action: "delay", millis: Number(delay) }],
  }
  const bucket = callsOn(operator, "FakeAWS::S3::Bucket", slow).create({ BucketName: "pictures" })
  const call = yield* Effect.forkChild(bucket, { startImmediately: true })
  // The answer to a later call shows that the earlier one has arrived.
  yield* Effect.exit(callsOn(operator, "FakeAWS::S3::Bucket", target).read("nothing"))
  process.kill(process.pid, "SIGSTOP")
  yield* Console.log(
    yield* Effect.match(Fiber.join(call), { onFailure: ({ _tag }) => _tag, onSuccess: ({ status }) => status }),
  )
})

main.pipe(Effect.scoped, Effect.provide(layer), NodeRuntime.runMain)
