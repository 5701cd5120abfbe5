/** Commands that do not run to their end at once, in one process and over the API of an agent. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Agent } from "../../src/agent/Agent.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { silentAfter } from "../agent/commands/cutOff.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { formaOf, makeShop, outcomes } from "../agent/shop.ts"
import type { LayerOf } from "./agentSuite.ts"

const forma = formaOfNotes({ a: { Text: "a" }, b: { Text: { $ref: "a.Digest" } } })

/** An apply whose first create the provider has accepted. It goes on in the background. */
const applyInBackground = Effect.gen(function* () {
  const agent = yield* Agent
  const accepted = yield* Deferred.make<string>()
  const running = yield* Effect.forkChild(
    agent.apply(forma, {
      observe: ({ _tag, commandId }) =>
        _tag === "Progressed" ? Effect.asVoid(Deferred.succeed(accepted, commandId)) : Effect.void,
    }),
  )
  return { agent, running, commandId: yield* Deferred.await(accepted) }
})

/** Runs the suite. */
export const suspendedSuite = (name: string, layerOf: LayerOf) => {
  describe(`a command of an agent ${name}`, () => {
    it.effect("stops at a safe point when it is asked to, and is resumed", () => {
      const { calls, finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
      return Effect.gen(function* () {
        const { agent, commandId, running } = yield* applyInBackground
        assert.isTrue(yield* agent.stop(commandId))
        const stopped = yield* withPassingTime(Fiber.join(running))
        assert.deepEqual(outcomes(stopped), ["a create: LeftUnderWay", "b create: Canceled"])
        assert.isFalse(yield* agent.stop(commandId))
        assert.strictEqual((yield* agent.inventory).notes?.[0]?._tag, "Unfinished")
        yield* finish
        const resumed = yield* withPassingTime(agent.resume({ commandId }))
        assert.strictEqual(resumed.status, "succeeded")
        assert.deepEqual(calls, ["create a", "create b"])
        const { commands } = yield* agent.commands()
        assert.deepInclude(commands.at(-1), { commandId, command: "apply", forma: "notes", status: "succeeded" })
      }).pipe(Effect.provide(layerOf([plugin])))
    })

    it.effect("stops as soon as an effect of its caller completes", () => {
      const { plugin } = makeNotes({ accepts: () => true })
      return Effect.gen(function* () {
        const agent = yield* Agent
        const reached = yield* Deferred.make<void>()
        const apply = agent.apply(forma, {
          observe: ({ _tag }) =>
            _tag === "Progressed" ? Effect.asVoid(Deferred.succeed(reached, undefined)) : Effect.void,
          stopWhen: Deferred.await(reached),
        })
        assert.strictEqual((yield* withPassingTime(apply)).status, "canceled")
      }).pipe(Effect.provide(layerOf([plugin])))
    })

    it.effect("is canceled when its caller is interrupted, and what it has begun is not begun again", () => {
      const { calls, finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
      return Effect.gen(function* () {
        const { agent, commandId, running } = yield* applyInBackground
        yield* Fiber.interrupt(running)
        const { commands } = yield* agent.commands()
        assert.deepInclude(commands[0], { commandId, status: "canceled" })
        yield* finish
        assert.strictEqual((yield* withPassingTime(agent.apply(forma))).status, "succeeded")
        assert.deepEqual(calls, ["create a", "create b"])
      }).pipe(Effect.provide(layerOf([plugin])))
    })

    it.effect("refuses to wait for another one where it must not, and says whom it waits for where it may", () => {
      const { finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
      return Effect.gen(function* () {
        const { agent, commandId, running } = yield* applyInBackground
        const refused = yield* Effect.flip(agent.apply(forma, { whenInUse: "refuse" }))
        assert.deepInclude(refused, { _tag: "StateInUse", isThisAgent: true })
        const waits = yield* Deferred.make<string | undefined>()
        const second = yield* Effect.forkChild(
          agent.destroy("notes", {
            observe: (event) =>
              event._tag === "Waiting"
                ? Effect.asVoid(Deferred.succeed(waits, event.waitsFor?.commandId))
                : Effect.void,
          }),
        )
        assert.strictEqual(yield* Deferred.await(waits), commandId)
        yield* finish
        assert.strictEqual((yield* withPassingTime(Fiber.join(running))).status, "succeeded")
        assert.strictEqual((yield* withPassingTime(Fiber.join(second))).status, "succeeded")
      }).pipe(Effect.provide(layerOf([plugin])))
    })

    it.effect("leaves operations that a human settles: adopted or forgotten", () =>
      Effect.gen(function* () {
        const { resources, target } = yield* makeShop
        const agent = yield* Agent
        const widgets = formaOf("shop", target({ faults: [silentAfter("kept"), silentAfter("lost")] }), {
          kept: ["FakeAWS::Legacy::Widget", { Model: "m" }],
          lost: ["FakeAWS::Legacy::Widget", { Model: "n" }],
        })
        const running = yield* Effect.forkChild(agent.apply(widgets))
        const made = Effect.yieldNow.pipe(
          Effect.andThen(Effect.catchCause(resources, () => Effect.succeed([]))),
          Effect.repeat({ until: (found) => found.length === 2 }),
        )
        const [first] = yield* made
        yield* Fiber.interrupt(running)
        const unknown = yield* withPassingTime(agent.resume())
        assert.deepEqual(outcomes(unknown), ["kept create: NeedsAttention", "lost create: NeedsAttention"])
        const wrong = yield* Effect.flip(agent.adopt({ label: "kept" }, NativeId.make("widget-0")))
        assert.strictEqual(wrong._tag, "OperationNotOpen")
        const adopted = yield* agent.adopt({ label: "kept", forma: "shop" }, NativeId.make(first?.native_id ?? ""))
        assert.deepInclude(adopted, { command: "adopt", status: "succeeded" })
        assert.deepInclude(yield* agent.forget({ label: "lost" }), { command: "forget", status: "succeeded" })
        assert.deepEqual(
          (yield* agent.inventory).resources.map(({ label }) => label),
          ["kept"],
        )
      }).pipe(Effect.provide(layerOf([inProcess(fakeAws)]))),
    )
  })
}
