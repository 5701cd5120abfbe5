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

describe("a plugin process", () => {
  it.live("serves beside another one, each in its own process", () =>
    Effect.gen(function* () {
      const target = yield* fakeCloud
      const [fake] = yield* Effect.all([operatorOf("FakeAWS"), operatorOf("AWS")], { concurrency: "unbounded" })
      assert.notStrictEqual(yield* pidOf("FakeAWS"), yield* pidOf("AWS"))
      const created = yield* callsOn(fake, "FakeAWS::S3::Bucket", target).create({ BucketName: "one" })
      assert.strictEqual(created.status, "Succeeded")
      // This comes from AWS itself, which does not know the types of FakeAWS.
      const refused = yield* Effect.flip(callsOn(yield* operatorOf("AWS"), "FakeAWS::S3::Bucket", target).read("one"))
      assert.strictEqual(refused._tag, "OperationNotSupported")
    }).pipe(Effect.provide(layerPlugins), Effect.scoped),
  )

  it.live("that is killed while idle is restarted for the next call", () =>
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

  it.live("P4: is gone when its agent has closed", () =>
    Effect.gen(function* () {
      const pid = yield* Effect.scoped(
        Effect.andThen(operatorOf("FakeAWS"), pidOf("FakeAWS")).pipe(Effect.provide(layerPlugins)),
      )
      yield* untilGone(pid)
    }),
  )

  for (const [work, state] of [
    ["idle", "that is idle"],
    ["busy", "that is busy"],
    ["stalled", "whose event loop is blocked"],
  ] as const) {
    it.live(`P4: ${state} is gone within a second when its agent is killed`, () =>
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
        // The guard takes at most a second; the rest is for a busy machine.
        yield* Effect.timeout(untilGone(pid), "5 seconds")
      }).pipe(Effect.provide(NodeServices.layer), Effect.scoped),
    )
  }
})
