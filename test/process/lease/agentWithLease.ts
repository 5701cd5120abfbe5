/**
 * An agent with a lease, which it renews until two plugins have served: FakeAWS,
 * which knows leases, and one that does not. Then it stops the FakeAWS process,
 * sends it a create and a read, so that they lie in its pipe, and stops itself.
 * When somebody lets it go on, it prints how both have ended.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { Lease, makeLease } from "../../../src/agent/launch/Lease.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"
import { monotonicMillis } from "../../../src/transport/RunningTime.ts"
import { pluginsFolder } from "../../bundles/folders.ts"
import { callsOn, operatorOf } from "../clouds.ts"

const [cloud = "", leaseMillis = ""] = process.argv.slice(2)
const museum = fileURLToPath(new URL("../../fixtures/plugins/museum/by-hand", import.meta.url))

const pidOf = (plugin: string) =>
  Effect.map(
    PluginCoordinator.use(({ status }) => status),
    (plugins) => {
      const state = plugins.find(({ entry }) => entry.manifest.name === plugin)?.state
      return state?._tag === "Ready" ? state.launch.pid! : 0
    },
  )

const main = Effect.gen(function* () {
  const { lease, renewBy } = yield* makeLease
  const renew = renewBy(Number(leaseMillis), Effect.void)
  yield* renew
  yield* Effect.gen(function* () {
    const renewing = yield* Effect.forkChild(Effect.forever(Effect.delay(renew, Number(leaseMillis) / 4)))
    const target = { cloud, region: "us-east-1", settleMillis: 0 }
    const buckets = callsOn(yield* operatorOf("FakeAWS"), "FakeAWS::S3::Bucket", target)
    const exhibits = callsOn(yield* operatorOf("ByHand"), "ByHand::Museum::Exhibit", {})
    yield* Effect.all([buckets.create({ BucketName: "before" }), exhibits.create({})], { concurrency: 2 })
    yield* Fiber.interrupt(renewing)
    yield* renew
    const [fakeAws, byHand] = [yield* pidOf("fake-aws"), yield* pidOf("by-hand")]
    const endsAt = monotonicMillis(yield* Clock.Clock) + Number(leaseMillis)
    // Both have been told when these calls are answered.
    yield* Effect.all([buckets.read("before"), exhibits.read("it")], { concurrency: 2 })
    yield* Console.error(JSON.stringify({ fakeAws, byHand, endsAt }))
    process.kill(fakeAws, "SIGSTOP")
    const begin = <A, E>(call: Effect.Effect<A, E>) => Effect.forkChild(call, { startImmediately: true })
    const { events } = yield* PluginCoordinator
    const isEnd = ({ _tag, plugin }: PluginEvent) =>
      plugin === "by-hand" && (_tag === "Crashed" || _tag === "LeaseEnded")
    const endOfByHand = yield* begin(Stream.runHead(Stream.filter(events, isEnd)))
    const late = yield* begin(Effect.flip(buckets.create({ BucketName: "late" })))
    // The cloud has a record of it, which shows that the create before it has been read.
    const read = yield* begin(buckets.read("late"))
    // When this is answered, they are written.
    yield* exhibits.read("it")
    process.kill(process.pid, "SIGSTOP")
    const ended = yield* Effect.match(Fiber.join(late), {
      onFailure: (done) => `it was created: ${JSON.stringify(done)}`,
      onSuccess: ({ _tag }) => _tag,
    })
    const byHandEnded = Option.getOrUndefined(yield* Fiber.join(endOfByHand))?._tag
    yield* Console.log(JSON.stringify({ late: ended, read: (yield* Fiber.join(read)).status, byHand: byHandEnded }))
  }).pipe(
    Effect.provide(
      PluginCoordinator.layerProcesses([pluginsFolder, museum]).pipe(
        Layer.provide([NodeServices.layer, Layer.succeed(Logger.LogToStderr, true)]),
      ),
    ),
    Effect.provideService(Lease, lease),
  )
})

main.pipe(Effect.scoped, NodeRuntime.runMain)
