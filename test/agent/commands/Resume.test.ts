import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOf, layerAgent, makeShop, outcomes, type Resources } from "../shop.ts"
import { cutOff, cutOffUnanswered, errorOf, hasProgressed, only, resume, silentAfter, slow } from "./cutOff.ts"

describe("resume", () => {
  it.effect("has nothing to do if nothing was cut off", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeShop
      const nothing = { command: "resume", status: "succeeded", resources: [] } as const
      assert.deepEqual(yield* resume, nothing)
      yield* apply(only("net"))
      assert.deepEqual(yield* resume, nothing)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("continues an apply that was cut off, and does not repeat what is done", () =>
    Effect.gen(function* () {
      const { apply, resources, target, writes } = yield* makeShop
      const config = target({ faults: [silentAfter("block")] })
      const wanted = only("net", "block", "logs", "pictures")
      yield* cutOffUnanswered(formaOf("shop", config, wanted), resources, 4)
      const resumed = yield* resume
      assert.strictEqual(resumed.status, "succeeded")
      assert.deepEqual(outcomes(resumed), ["net noop", "block create", "logs noop", "pictures noop"])
      assert.deepEqual(
        resumed.resources.map(({ forma }) => forma),
        ["shop", "shop", "shop", "shop"],
      )
      assert.lengthOf(yield* resources, 4)
      const before = yield* writes
      assert.isTrue((yield* apply(wanted, config)).resources.every(({ operation }) => operation === "noop"))
      assert.deepEqual(yield* writes, before)
      assert.deepEqual((yield* resume).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("polls work that the provider has accepted, and does not send it again", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      // Sent again, a widget would be a second one.
      yield* cutOff(formaOf("shop", target(slow), only("old")), hasProgressed("old"))
      assert.deepEqual(outcomes(yield* resume), ["old create"])
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("finds what a create without an answer has made, and does not create it again", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      // By token, by name, by tag.
      const unanswered: Resources = {
        ...only("net", "pictures"),
        web: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro" }],
      }
      const faults = Object.keys(unanswered).map(silentAfter)
      yield* cutOffUnanswered(formaOf("shop", target({ faults }), unanswered), resources, 3)
      assert.deepEqual(outcomes(yield* resume), ["net create", "pictures create", "web create"])
      assert.lengthOf(yield* resources, 3)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("does not retry what had failed or what needs it, but an apply does", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const denied: Properties = {
        operation: "create",
        label: "net",
        when: "before",
        action: "error",
        code: "AccessDenied",
      }
      const config = target({ faults: [denied, silentAfter("alone")] })
      const wanted = only("net", "block", "alone")
      yield* cutOffUnanswered(formaOf("shop", config, wanted), resources)
      const resumed = yield* resume
      assert.strictEqual(resumed.status, "failed")
      assert.deepEqual(outcomes(resumed), [
        "net create: AccessDenied",
        "block create: DependencyFailure",
        "alone create",
      ])
      assert.strictEqual(errorOf(resumed, "net")?.message, "a fault that the target asks for")
      // The command has ended: there is nothing left to resume.
      assert.deepEqual((yield* resume).resources, [])
      const applied = yield* withPassingTime(apply(wanted, config))
      assert.deepEqual(outcomes(applied), ["net create", "block create", "alone noop"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what was cut off", () => {
  it.effect("is deleted by a destroy, even if a create was not answered", () =>
    Effect.gen(function* () {
      const { destroy, inventory, resources, target } = yield* makeShop
      yield* cutOffUnanswered(formaOf("shop", target({ faults: [silentAfter("net")] }), only("net")), resources)
      assert.deepEqual((yield* inventory).resources, [])
      assert.strictEqual((yield* withPassingTime(destroy())).status, "succeeded")
      assert.deepEqual(yield* resources, [])
      assert.deepEqual((yield* inventory).resources, [])
      assert.deepEqual((yield* resume).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is reported by plan and inventory, which change nothing", () =>
    Effect.gen(function* () {
      const { inventory, plan, target, writes } = yield* makeShop
      const config = target(slow)
      yield* cutOff(formaOf("shop", config, only("net", "block")), hasProgressed("net"))
      const before = yield* inventory
      const note = "the apply of shop, started at 1970-01-01T00:00:00.000Z, was cut off and can be resumed"
      assert.strictEqual(before.note, note)
      assert.lengthOf(before.notes ?? [], 1)
      assert.deepInclude(before.notes?.[0], {
        _tag: "Unfinished",
        command: "apply",
        forma: "shop",
        startedAt: 0,
        how: "cut off",
      })
      assert.strictEqual((yield* plan(only("net"), config)).note, note)
      assert.deepEqual(yield* inventory, before)
      assert.deepEqual(yield* writes, ["create EC2::VPC"])
      yield* resume
      assert.isUndefined((yield* inventory).note)
      assert.isUndefined((yield* plan(only("net"), config)).note)
    }).pipe(Effect.provide(layerAgent())),
  )
})
