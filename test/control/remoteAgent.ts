/** The agent over its API: a server on a socket in a folder of its own, and the agent that a client of it sees. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import type { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { EventFeed } from "../../src/control/server/EventFeed.ts"
import { layerRemote } from "../../src/control/remote/layerRemote.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"

/** A folder with a path short enough for a socket, gone when the scope closes. */
export const makeSocketFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
)

/** An agent with its records over a store in memory. */
export const layerLocal = (plugins: ReadonlyArray<InProcessPlugin>) =>
  Agent.layerNoDeps.pipe(
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provideMerge(Layer.fresh(Agent.layerRecords)),
    Layer.provide(PluginCoordinator.layerInProcess(plugins)),
    Layer.provideMerge(Layer.fresh(Store.layerMemory)),
    Layer.orDie,
  )

/** What serves the agent that is there. */
export const layerServices = CommandRequests.layer.pipe(
  Layer.provideMerge(Layer.merge(EventFeed.layerMemory, RequestKeys.layer)),
)

/** The agent of `layerLocal`, and the inventory that it has. */
export const layerAgent = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<Agent | Inventory> =>
  layerLocal(plugins)

/** The same agent as a client sees it over the API. */
export const layerOverApi = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<Agent | Inventory> =>
  Layer.unwrap(
    Effect.map(makeSocketFolder, (folder) => {
      const socket = join(folder, "agent.sock")
      const served = serveSocket({ socket }).pipe(
        Layer.provide(layerServices),
        Layer.provideMerge(layerLocal(plugins)),
        Layer.orDie,
      )
      const remote = Layer.orDie(layerRemote({ socket }))
      return Layer.effectContext(
        Effect.gen(function* () {
          const local = yield* Layer.build(served)
          const seen = yield* Layer.build(remote)
          return Context.merge(local, seen)
        }),
      )
    }),
  )
