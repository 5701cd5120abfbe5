import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../src/agent/supervision/PluginEvent.ts"
import { childrenThatRun, untilNoneRuns } from "./processState.ts"

/** Serves the namespace that its own name gives, and knows nothing of Effect. */
const program = `
import { createInterface } from "node:readline"
const node = process.env.FORMAE_PLUGIN_NODE
const name = node.split("-plugin@")[0]
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  if (request.tag !== "Handshake") continue
  const value = {
    protocol: 1, name, namespace: name.toUpperCase(), version: "1.0.0", node,
    cookie: process.env.FORMAE_NETWORK_COOKIE, pid: process.pid, types: [],
  }
  console.log(JSON.stringify({ _tag: "Exit", requestId: request.id, exit: { _tag: "Success", value } }))
}
`

const names = Array.from({ length: 10 }, (_, index) => `idle${index}`)

const pluginsIn = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  for (const name of names) {
    yield* fs.makeDirectory(`${folder}/${name}`)
    yield* fs.writeFileString(`${folder}/${name}/main.mjs`, program)
    const manifest = {
      name,
      namespace: name.toUpperCase(),
      version: "1.0.0",
      protocol: { min: 1, max: 1 },
      minAgentVersion: "0.1.0",
      entry: "main.mjs",
      environment: [],
    }
    yield* fs.writeFileString(`${folder}/${name}/formae-plugin.json`, JSON.stringify(manifest))
  }
})

describe("an agent with ten plugins at rest", () => {
  it.live("has no process of a plugin and no guard, and starts one for who wants it", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.realPath(yield* fs.makeTempDirectoryScoped({ prefix: "formae-idle-" }))
      yield* pluginsIn(folder)
      const services = yield* Layer.build(PluginCoordinator.layerProcesses([folder], { idleMillis: 1 }))
      yield* Effect.gen(function* () {
        const coordinator = yield* PluginCoordinator
        const events = yield* Queue.unbounded<PluginEvent>()
        yield* Stream.runForEach(coordinator.events, (event) => Queue.offer(events, event)).pipe(
          Effect.forkScoped({ startImmediately: true }),
        )
        const stopped = Effect.map(Queue.take(events), ({ _tag }) => _tag).pipe(
          Effect.repeat({ until: (tag) => tag === "IdleStopped" }),
        )
        yield* Effect.forEach(names, (name) => coordinator.capabilities(name), { concurrency: "unbounded" })
        yield* Effect.replicateEffect(stopped, names.length)
        assert.deepEqual(childrenThatRun(folder), [])
        // The script of the guard is one of its arguments.
        yield* untilNoneRuns("candidates()")
        const states = (yield* coordinator.status).map(({ state }) => state)
        assert.deepEqual(
          states,
          names.map(() => ({ _tag: "Idle", generation: 1 })),
        )
        yield* coordinator.capabilities("idle3")
        yield* stopped
        yield* untilNoneRuns("candidates()")
        assert.deepInclude((yield* coordinator.status)[3], { state: { _tag: "Idle", generation: 2 } })
      }).pipe(Effect.provideContext(services))
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
