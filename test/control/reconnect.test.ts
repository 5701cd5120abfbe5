/** A client whose connection is lost goes on where it was: nothing twice, nothing missing. */
import { createServer, connect, type Socket } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { Agent } from "../../src/agent/Agent.ts"
import { layerRemote } from "../../src/control/remote/layerRemote.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { outcomes } from "../agent/shop.ts"
import { layerLocal, layerServices, makeSocketFolder } from "./remoteAgent.ts"

/** Passes bytes on from `front` to `back`. `cut` ends all connections that there are. */
const relay = (front: string, back: string) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly cut: Effect.Effect<void>; readonly close: Effect.Effect<void> }>((resume) => {
      const open = new Set<Socket>()
      const server = createServer((near) => {
        const far = connect(back)
        for (const socket of [near, far]) {
          open.add(socket)
          socket.on("error", () => undefined)
          socket.on("close", () => {
            open.delete(socket)
            near.destroy()
            far.destroy()
          })
        }
        near.pipe(far)
        far.pipe(near)
      })
      const cut = Effect.sync(() => {
        for (const socket of open) socket.destroy()
      })
      const close = Effect.andThen(
        cut,
        Effect.callback<void>((done) => void server.close(() => done(Effect.void))),
      )
      server.listen(front, () => resume(Effect.succeed({ cut, close })))
    }),
    ({ close }) => close,
  )

const labels = ["a", "b", "c", "d", "e", "f"]
const forma = formaOfNotes(Object.fromEntries(labels.map((label) => [label, { Text: label }])))

describe("a lost connection", () => {
  it.live("costs the observer of a command no event, and gives it none twice", () => {
    const gates = new Map(labels.map((label) => [label, Deferred.makeUnsafe<void>()]))
    const { calls, plugin } = makeNotes({ beforeCreate: (label) => Deferred.await(gates.get(label)!) })
    return Effect.gen(function* () {
      const folder = yield* makeSocketFolder
      const [front, back] = [join(folder, "front.sock"), join(folder, "back.sock")]
      yield* Layer.build(
        serveSocket({ socket: back }).pipe(Layer.provide(layerServices), Layer.provide(layerLocal([plugin]))),
      )
      const { cut } = yield* relay(front, back)
      const seen: Array<string> = []
      const result = yield* Effect.gen(function* () {
        const agent = yield* Agent
        const finished = yield* Effect.forEach(labels, () => Deferred.make<void>())
        const running = yield* Effect.forkChild(
          agent.apply(forma, {
            observe: (event) =>
              Effect.suspend(() => {
                const label = event._tag === "Finished" ? event.result.label : undefined
                seen.push(label === undefined ? event._tag : `Finished ${label}`)
                const done = finished[labels.indexOf(label ?? "")]
                return done === undefined ? Effect.void : Effect.asVoid(Deferred.succeed(done, undefined))
              }),
          }),
        )
        for (const [index, label] of labels.entries()) {
          yield* Deferred.succeed(gates.get(label)!, undefined)
          yield* Deferred.await(finished[index]!)
          yield* cut
        }
        return yield* Fiber.join(running)
      }).pipe(Effect.provide(layerRemote({ socket: front })))
      assert.strictEqual(result.status, "succeeded")
      assert.lengthOf(calls, labels.length)
      const once = [...labels.map((label) => `Finished ${label}`), "Began", "Planned"].toSorted()
      assert.deepEqual(seen.filter((one) => one !== "Started").toSorted(), once)
      assert.lengthOf(
        seen.filter((one) => one === "Started"),
        labels.length,
      )
    })
  })

  it.live("is waited out while the agent is restarted, and then given up after the declared time", () => {
    const { plugin } = makeNotes()
    return Effect.gen(function* () {
      const socket = join(yield* makeSocketFolder, "agent.sock")
      const serve = (scope: Scope.Scope) =>
        Layer.buildWithScope(
          Layer.fresh(
            serveSocket({ socket }).pipe(
              Layer.provide(layerServices),
              Layer.provide(layerLocal([plugin])),
              Layer.orDie,
            ),
          ),
          scope,
        )
      const none = yield* Effect.flip(Layer.build(layerRemote({ socket })))
      assert.deepEqual(none.reason, { _tag: "NotRunning", code: "ENOENT" })
      const first = yield* Scope.make()
      yield* serve(first)
      const remote = yield* Layer.build(layerRemote({ socket }, { waitMillis: 300 }))
      const agent = yield* Effect.provideContext(Agent, remote)
      assert.deepEqual(outcomes(yield* agent.apply(formaOfNotes({ a: {} }))), ["a create"])
      yield* Scope.close(first, Exit.void)
      const lost = yield* Effect.flip(agent.inventory)
      assert.strictEqual(lost._tag === "AgentUnreachable" && lost.reason._tag, "Lost")
      const second = yield* Effect.scope
      const waiting = yield* Effect.forkChild(agent.inventory)
      yield* serve(second)
      assert.strictEqual((yield* Fiber.join(waiting)).status, "succeeded")
    })
  })
})
