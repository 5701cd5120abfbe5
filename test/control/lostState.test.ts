/** A state file that is moved away under an agent: what has been asked of it ends, and it still answers. */
import { renameSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import { EventLog } from "../../src/agent/events/EventLog.ts"
import { EventRecorder } from "../../src/agent/events/EventRecorder.ts"
import { StateOwnership } from "../../src/agent/records/StateOwnership.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { ApiCommand } from "../../src/control/api/ApiCommand.ts"
import { hasEnded } from "../../src/control/api/ApiCommand.ts"
import { connect } from "../../src/control/remote/Connection.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { layerLoggedFeed } from "../../src/control/server/EventFeedLog.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { makeSocketFolder } from "./remoteAgent.ts"

const layerStaying = (socket: string, file: string, plugin: InProcessPlugin) => {
  const held = Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold))
  return serveSocket({ socket }).pipe(
    Layer.provideMerge(CommandRequests.layer),
    Layer.provideMerge(Layer.mergeAll(layerLoggedFeed, RequestKeys.layer)),
    Layer.provideMerge(Layer.mergeAll(Agent.layerNoDeps, EventRecorder.layerNoDeps)),
    Layer.provideMerge(Layer.mergeAll(EventLog.layerNoDeps(), ResourceUpdater.layerNoDeps, held)),
    Layer.provideMerge(Agent.layerRecords),
    Layer.provideMerge(PluginCoordinator.layerInProcess([plugin])),
    Layer.provideMerge(Store.layerFile(file)),
    Layer.provide(NodeServices.layer),
  )
}

describe("a state file that is moved away", () => {
  it.live("ends what was asked for, and the agent answers and says that its events are lost", () =>
    Effect.gen(function* () {
      const folder = yield* makeSocketFolder
      const [socket, file] = [join(folder, "agent.sock"), join(folder, "state.db")]
      const reached = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const { plugin } = makeNotes({
        beforeCreate: () => Effect.andThen(Deferred.succeed(reached, undefined), Deferred.await(go)),
      })
      yield* Effect.gen(function* () {
        const requests = yield* CommandRequests
        const { lost } = yield* EventRecorder
        const forma = JSON.parse(JSON.stringify(formaOfNotes({ a: { Text: "1" } })))
        const apply: ApiCommand = { command: "apply", forma }
        yield* requests.ask("the-apply", apply, { name: "somebody", isOwner: true })
        yield* Deferred.await(reached)
        renameSync(file, `${file}.moved`)
        yield* Deferred.succeed(go, undefined)
        const isOver = requests.find("the-apply", 1).pipe(Effect.repeat({ until: hasEnded }))
        const { result } = yield* isOver
        assert.notStrictEqual(result?.status, "succeeded")
        assert.match((yield* lost).message, /was removed, moved or replaced/)
        const { call } = yield* connect({ socket })
        assert.strictEqual((yield* call((client) => client.agent.about())).pid, process.pid)
        const fresh = yield* Effect.exit(requests.ask("another", apply, { name: "somebody", isOwner: true }))
        assert.strictEqual(fresh._tag, "Failure")
      }).pipe(Effect.provide(layerStaying(socket, file, plugin)))
    }).pipe(Effect.scoped),
  )
})
