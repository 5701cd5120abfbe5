/** A state file that is moved away under an agent: what has been asked of it ends, and it still answers. */
import { renameSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { EventRecorder } from "../../src/agent/events/EventRecorder.ts"
import type { ApiCommand } from "../../src/control/api/ApiCommand.ts"
import { hasEnded } from "../../src/control/api/ApiCommand.ts"
import { connect } from "../../src/control/remote/Connection.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { layerRecordedAgent } from "./recordedAgent.ts"
import { makeSocketFolder } from "./remoteAgent.ts"

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
      }).pipe(Effect.provide(serveSocket({ socket }).pipe(Layer.provideMerge(layerRecordedAgent(file, plugin)))))
    }).pipe(Effect.scoped),
  )
})
