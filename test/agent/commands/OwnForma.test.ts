import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Agent } from "../../../src/agent/Agent.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOf, layerAgent, makeShop, outcomes } from "../shop.ts"
import { cutOff, cutOffUnanswered, hasProgressed, only, silentAfter, slow } from "./cutOff.ts"

/** The note on a command that has not ended. */
const noteOn = (what: string, how: string) => new RegExp(`^the ${what}, started at .*Z, was ${how} and can be resumed$`)

describe("a command works on its own forma alone", () => {
  it.effect.each(["leave", "cancel"] as const)(
    "a destroy that was interrupted (%s) is not continued by an apply of another forma",
    (whenInterrupted) =>
      Effect.gen(function* () {
        const { apply, inventory, resources, target, writes } = yield* makeShop
        const agent = yield* Agent
        const reached = yield* Deferred.make<void>()
        const hung = [
          { operation: "delete", type: "FakeAWS::EC2::VPCCidrBlock", when: "before", action: "hang", times: 1 },
        ]
        yield* withPassingTime(apply(only("net", "block", "alone"), target({ faults: hung }), "prod"))
        const destroy = yield* Effect.forkChild(
          agent.destroy("prod", {
            observe: ({ _tag }) => (_tag === "Started" ? Deferred.succeed(reached, undefined) : Effect.void),
            whenInterrupted,
          }),
        )
        yield* withPassingTime(Deferred.await(reached))
        yield* Fiber.interrupt(destroy)
        const left = yield* resources
        const before = yield* writes
        const applied = yield* withPassingTime(apply(only("pictures"), target(), "dev"))
        assert.deepEqual(outcomes(applied), ["pictures create"])
        assert.match(
          applied.note ?? "",
          noteOn("destroy of prod", whenInterrupted === "leave" ? "cut off" : "canceled"),
        )
        assert.deepEqual((yield* writes).slice(before.length), ["create S3::Bucket"])
        assert.lengthOf(yield* resources, left.length + 1)
        assert.strictEqual((yield* inventory).note, applied.note)
      }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("what was forgotten is not created by an apply of another forma", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const agent = yield* Agent
      yield* cutOffUnanswered(formaOf("shop", target({ faults: [silentAfter("old")] }), only("old")), resources)
      const forgotten = yield* agent.forget({ label: "old" })
      assert.deepInclude(forgotten.resources[0], { operation: "forget", status: "succeeded", forma: "shop" })
      const applied = yield* withPassingTime(apply(only("alone"), target(), "other"))
      assert.deepEqual(outcomes(applied), ["alone create"])
      // The widget of the create that was forgotten, and what the other one wants.
      assert.lengthOf(yield* resources, 2)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("a destroy creates nothing that another forma had begun, and does not wait for what hangs there", () =>
    Effect.gen(function* () {
      const { apply, destroy, resources, target, writes } = yield* makeShop
      yield* apply(only("alone"), target(), "net")
      const hangs = { operation: "status", when: "status", action: "hang", times: 1_000 }
      const forma = formaOf("shop", target({ ...slow, faults: [hangs] }), only("net", "logs", "pictures"))
      yield* cutOff(forma, hasProgressed("net"))
      const before = yield* writes
      const startedAt = yield* Clock.currentTimeMillis
      const destroyed = yield* withPassingTime(destroy("net"))
      assert.isAtMost((yield* Clock.currentTimeMillis) - startedAt, 2_000)
      assert.deepEqual(outcomes(destroyed), ["alone delete"])
      assert.match(destroyed.note ?? "", noteOn("apply of shop", "cut off"))
      assert.deepEqual((yield* writes).slice(before.length), ["delete EC2::VPC"])
      assert.lengthOf(yield* resources, before.length - 1)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("says what an ended command of another forma has left open", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      yield* cutOffUnanswered(formaOf("shop", target({ faults: [silentAfter("old")] }), only("old")), resources)
      const agent = yield* Agent
      assert.strictEqual((yield* withPassingTime(agent.resume())).status, "failed")
      const applied = yield* apply(only("alone"), target(), "other")
      assert.strictEqual(
        applied.note,
        "it is not known whether a create of shop made something: old. Look for it at the provider",
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a command that is interrupted", () => {
  it.effect("counts as canceled, but one that is left for a successor as cut off", () =>
    Effect.gen(function* () {
      const { inventory, target } = yield* makeShop
      const agent = yield* Agent
      for (const whenInterrupted of [undefined, "leave"] as const) {
        const reached = yield* Deferred.make<void>()
        const applying = yield* Effect.forkChild(
          agent.apply(formaOf(`shop_${whenInterrupted}`, target(slow), only("net")), {
            observe: ({ _tag }) => (_tag === "Progressed" ? Deferred.succeed(reached, undefined) : Effect.void),
            whenInterrupted,
          }),
        )
        yield* withPassingTime(Deferred.await(reached))
        yield* Fiber.interrupt(applying)
      }
      assert.match(
        (yield* inventory).note ?? "",
        /^the apply of shop_undefined, .* was canceled and .*\nthe apply of shop_leave, .* was cut off and .*$/,
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is not in the journal if it was interrupted before it began", () =>
    Effect.gen(function* () {
      const { inventory, target } = yield* makeShop
      const agent = yield* Agent
      const apply = yield* Effect.forkChild(agent.apply(formaOf("shop", target(), only("net"))))
      yield* Fiber.interrupt(apply)
      assert.isUndefined((yield* inventory).note)
    }).pipe(Effect.provide(layerAgent())),
  )
})
