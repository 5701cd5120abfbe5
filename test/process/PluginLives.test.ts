import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { callsOn, fakeCloud, layerPlugins, operatorOf } from "./clouds.ts"
import { untilGone } from "./processState.ts"

const host = fileURLToPath(new URL("./agentThatWaits.ts", import.meta.url))

/** The pid of the launch that serves a namespace now. */
const pidOf = Effect.fnUntraced(function* (namespace: string) {
  const coordinator = yield* PluginCoordinator
  const status = (yield* coordinator.status).find(({ entry }) => entry.manifest.namespace === namespace)
  return status?.state._tag === "Ready" ? status.state.launch.identity.pid : yield* Effect.die("no plugin is ready")
})

describe("plugins as processes", () => {
  it.live("two serve side by side, each in a process of its own", () =>
    Effect.gen(function* () {
      const target = yield* fakeCloud
      const [fake] = yield* Effect.all([operatorOf("FakeAWS"), operatorOf("AWS")], { concurrency: "unbounded" })
      assert.notStrictEqual(yield* pidOf("FakeAWS"), yield* pidOf("AWS"))
      const created = yield* callsOn(fake, "FakeAWS::S3::Bucket", target).create({ BucketName: "one" })
      assert.strictEqual(created.status, "Succeeded")
      // AWS answers for itself: it knows no type of the other.
      const refused = yield* Effect.flip(callsOn(yield* operatorOf("AWS"), "FakeAWS::S3::Bucket", target).read("one"))
      assert.strictEqual(refused._tag, "OperationNotSupported")
    }).pipe(Effect.provide(layerPlugins), Effect.scoped),
  )

  it.live("one that is killed while idle is there again for the next call", () =>
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const target = yield* fakeCloud
      const before = callsOn(yield* operatorOf("FakeAWS"), "FakeAWS::S3::Bucket", target)
      yield* before.create({ BucketName: "kept" })
      const killed = yield* pidOf("FakeAWS")

      const crashed = yield* Deferred.make<string>()
      yield* coordinator.events.pipe(
        Stream.runForEach((event) =>
          event._tag === "Crashed" ? Deferred.succeed(crashed, event.reason) : Effect.void,
        ),
        Effect.forkScoped({ startImmediately: true }),
      )
      process.kill(killed, "SIGKILL")
      assert.include(yield* Deferred.await(crashed), "SIGKILL")

      const after = callsOn(yield* operatorOf("FakeAWS"), "FakeAWS::S3::Bucket", target)
      assert.strictEqual((yield* after.read("kept")).status, "Succeeded")
      assert.notStrictEqual(yield* pidOf("FakeAWS"), killed)
    }).pipe(Effect.provide(layerPlugins), Effect.scoped),
  )

  it.live("P4: one is gone when its agent has closed", () =>
    Effect.gen(function* () {
      const pid = yield* Effect.scoped(
        Effect.andThen(operatorOf("FakeAWS"), pidOf("FakeAWS")).pipe(Effect.provide(layerPlugins)),
      )
      yield* untilGone(pid)
    }),
  )

  for (const [work, state] of [
    ["idle", "is idle"],
    ["busy", "is busy"],
    ["stalled", "has a blocked event loop"],
  ] as const) {
    it.live(`P4: one that ${state} is gone within a second when its agent is killed`, () =>
      Effect.gen(function* () {
        const target = yield* fakeCloud
        const agent = yield* ChildProcess.make(
          process.execPath,
          ["--conditions=formae-source", host, work, target.cloud],
          { extendEnv: true, stderr: "inherit" },
        )
        const line = yield* agent.stdout.pipe(Stream.decodeText, Stream.splitLines, Stream.runHead)
        const pid = line._tag === "Some" ? Number(line.value) : yield* Effect.die("the agent printed no pid")
        process.kill(agent.pid, "SIGKILL")
        // A second is what the guard takes at most; the rest is for a machine that has more to do.
        yield* Effect.timeout(untilGone(pid), "5 seconds")
      }).pipe(Effect.provide(NodeServices.layer), Effect.scoped),
    )
  }
})
