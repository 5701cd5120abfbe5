import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, RequestId, ResourceType } from "../../../src/protocol/Identity.ts"
import { Operation } from "../../../src/protocol/Operation.ts"
import type { InProgress } from "../../../src/protocol/Progress.ts"
import { freshOperationId } from "../../operator/operations.ts"
import { callsOn } from "../clouds.ts"
import { untilGone } from "../processState.ts"
import { entryOf, type Foreign, hour, manifestOf, temporaryFolder } from "./Foreign.ts"

/** Makes operators of the plugin in `folder`, from a coordinator that lives until the scope closes. */
const serve = Effect.fnUntraced(function* (plugin: Foreign, folder: string = plugin.folder()) {
  const services = yield* Layer.build(
    PluginCoordinator.layerProcesses([folder]).pipe(Layer.provide(NodeServices.layer)),
  )
  return yield* Effect.gen(function* () {
    const coordinator = yield* PluginCoordinator
    const operator = (operationId = freshOperationId()) =>
      coordinator.operator({
        namespace: plugin.namespace,
        resourceUri: "it/it",
        operation: "Create",
        operationId,
      })
    const pid = Effect.map(coordinator.status, ([status]) =>
      status?.state._tag === "Ready" ? status.state.launch.identity.pid : 0,
    )
    return { operator, pid }
  }).pipe(Effect.provide(services))
})

/** A create that takes an hour, unless the test finishes it. */
const createLater = (plugin: Foreign, folder: string) =>
  Operation.cases.Create.make({
    operationId: freshOperationId(),
    resourceType: ResourceType.make(plugin.later.type),
    label: "it",
    targetConfig: { ...plugin.targetIn(folder), settleMillis: hour },
    properties: plugin.later.properties,
  })

const workTests = (plugin: Foreign) => {
  const { later, now } = plugin

  it.live("creates, reads, updates, lists and deletes", () =>
    Effect.gen(function* () {
      const { operator } = yield* serve(plugin)
      const calls = callsOn(yield* operator(), now.type, plugin.targetIn(yield* temporaryFolder))
      const created = yield* calls.create(now.properties("a"))
      if (created.status === "Failed") return assert.fail(created.failure.message)
      assert.deepInclude(created.properties, now.properties("a"))
      assert.deepEqual((yield* calls.read("a")).status === "Succeeded" && (yield* calls.read("a")), {
        ...created,
        attempts: 1,
      })
      const updated = yield* calls.update("a", now.properties("a"), now.changed("a"))
      assert.deepInclude(updated, { status: "Succeeded" })
      assert.deepInclude(updated.status === "Succeeded" ? updated.properties : {}, now.changed("a"))

      yield* Effect.forEach(["b", "c", "d", "e"], (name) => calls.create(now.properties(name)), { concurrency: 4 })
      const first = yield* calls.list({ pageSize: 3 })
      assert.lengthOf(first.nativeIds, 3)
      const second = yield* calls.list({ pageSize: 3, pageToken: first.nextPageToken ?? "" })
      assert.isUndefined(second.nextPageToken)
      assert.sameMembers([...first.nativeIds, ...second.nativeIds].map(String), ["a", "b", "c", "d", "e"])

      assert.strictEqual((yield* calls.delete("a")).status, "Succeeded")
      const gone = yield* calls.read("a")
      assert.strictEqual(gone.status === "Failed" && gone.failure.code, "NotFound")
    }),
  )

  it.live("continues work that takes a while, and reports it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { operator } = yield* serve(plugin)
      const seen: Array<InProgress> = []
      const ended = yield* (yield* operator()).perform(createLater(plugin, folder), (progress) =>
        Effect.sync(() => {
          seen.push(progress)
          plugin.finish(folder)
        }),
      )
      assert.deepInclude(ended, { status: "Succeeded", attempts: 1 })
      assert.lengthOf(seen, 1)
      assert.strictEqual(seen[0]?.nativeId, ended.nativeId)
    }),
  )

  it.live(
    "P3: when it is killed during a create, its next launch says what became of the create, and continues it",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const { operator, pid } = yield* serve(plugin)
        const create = createLater(plugin, folder)
        const accepted = yield* Deferred.make<InProgress>()
        const first = yield* operator()
        assert.deepEqual(yield* first.recover(create), { status: "NotStarted" })
        const creating = yield* first
          .perform(create, (progress) => Deferred.succeed(accepted, progress))
          .pipe(Effect.forkScoped)
        const progress = yield* Deferred.await(accepted)
        const [nativeId, requestId] = [NativeId.make(progress.nativeId ?? ""), RequestId.make(progress.requestId ?? "")]
        const killed = yield* pid
        process.kill(killed, "SIGKILL")
        assert.deepInclude(yield* Effect.flip(Fiber.join(creating)), { _tag: "ConnectionLost", sent: true })

        const next = yield* operator()
        assert.notStrictEqual(yield* pid, killed)
        assert.deepEqual<unknown>(yield* next.recover(create), { status: "InProgress", requestId, nativeId })
        plugin.finish(folder)
        assert.deepInclude(yield* next.recover(create), { status: "Done", nativeId })
        const { operationId: _, properties: __, _tag: ___, ...subject } = create
        const status = Operation.cases.Status.make({
          ...subject,
          operationId: freshOperationId(),
          requestId,
        })
        assert.deepInclude(yield* next.perform(status, () => Effect.void), { status: "Succeeded", nativeId })
        const repeated = yield* next.perform(create, () => Effect.void)
        assert.deepInclude(repeated, { status: "Succeeded", nativeId })
        const calls = callsOn(next, later.type, plugin.targetIn(folder))
        assert.deepEqual<unknown>((yield* calls.list()).nativeIds, [nativeId])
      }),
  )
}

const processTests = (plugin: Foreign) => {
  const { now } = plugin

  it.live("P1: lines that something else prints to its stdout do no harm", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const noisy = join(folder, "noisy")
      mkdirSync(noisy)
      writeFileSync(join(noisy, "formae-plugin.json"), JSON.stringify({ ...manifestOf(plugin), entry: "main.mjs" }))
      writeFileSync(
        join(noisy, "main.mjs"),
        `import { writeSync } from "node:fs"
        writeSync(1, 'junk\\n{"_tag":"Exit","requestId":1')
        setInterval(() => writeSync(1, 'half a line of {"_tag":'), 1).unref()
        process.argv[1] = ${JSON.stringify(entryOf(plugin))}
        await import(${JSON.stringify(pathToFileURL(entryOf(plugin)).href)})`,
      )
      const { operator } = yield* serve(plugin, noisy)
      const calls = callsOn(yield* operator(), now.type, plugin.targetIn(folder))
      for (const name of ["a", "b", "c", "d"]) {
        assert.strictEqual((yield* calls.create(now.properties(name))).status, "Succeeded")
      }
      assert.lengthOf((yield* calls.list()).nativeIds, 4)
    }),
  )

  it.live("P4: is gone when its agent has closed", () =>
    Effect.gen(function* () {
      const pid = yield* Effect.scoped(
        Effect.gen(function* () {
          const served = yield* serve(plugin)
          yield* served.operator()
          return yield* served.pid
        }),
      )
      assert.isAbove(pid, 0)
      yield* untilGone(pid)
    }),
  )
}

/** The plugin as a real agent runs it. */
export const agentTests = (plugin: Foreign) => {
  describe("under the agent", () => {
    workTests(plugin)
    processTests(plugin)
  })
}
