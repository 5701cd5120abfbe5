import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../../src/agent/Agent.ts"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOf, layerAgent, makeShop, nativeIdOf, outcomes } from "../shop.ts"
import { cutOffUnanswered, errorOf, resume, silentAfter } from "./cutOff.ts"

const widgets = (name: string, config: Properties): Forma =>
  formaOf(name, config, {
    old: ["FakeAWS::Legacy::Widget", { Model: "m" }],
    needing: [
      "FakeAWS::S3::Bucket",
      { BucketName: `of-${name}`, Tags: [{ Key: "of", Value: { $ref: "old.WidgetId" } }] },
    ],
    alone: ["FakeAWS::EC2::VPC", { CidrBlock: "10.9.0.0/16" }],
  })

/** An agent that was cut off after the provider had created the widget. */
const makeInDoubt = Effect.gen(function* () {
  const agent = yield* Agent
  const parts = yield* makeShop
  const config = parts.target({ faults: [silentAfter("old")] })
  const forma = widgets("shop", config)
  yield* cutOffUnanswered(forma, parts.resources, 2)
  const apply = withPassingTime(agent.apply(forma))
  const made = Effect.map(parts.resources, (found) =>
    NativeId.make(found.find(({ type }) => type === "FakeAWS::Legacy::Widget")?.native_id ?? "none"),
  )
  return { ...parts, agent, apply, config, forma, made }
})

describe("a create whose end only a human can find out", () => {
  it.effect("blocks only what needs it", () =>
    Effect.gen(function* () {
      const { agent, apply, forma, resources } = yield* makeInDoubt
      for (const result of [yield* apply, yield* apply]) {
        assert.strictEqual(result.status, "failed")
        assert.deepEqual(outcomes(result).slice(0, 2), [
          "old create: NeedsAttention",
          "needing create: DependencyFailure",
        ])
        assert.isNull(errorOf(result, "alone"))
      }
      const planned = yield* agent.plan(forma)
      assert.strictEqual(planned.status, "failed")
      assert.deepEqual(outcomes(planned)[0], "old create: NeedsAttention")
      assert.deepEqual(outcomes(planned)[2], "alone noop")
      assert.isNotNull(errorOf(planned, "needing"))
      const { message, openOperation } = errorOf(planned, "old") ?? {}
      assert.match(message ?? "", /does not support recovery\. Look for it at the provider$/)
      assert.deepInclude(openOperation, { kind: "Create", forma: "shop", label: "old" })
      // The inventory does not have it, so a note says that it may exist.
      const unsettled = [{ _tag: "Unsettled", forma: "shop", labels: ["old"] }]
      assert.deepEqual<unknown>((yield* agent.inventory).notes, unsettled)
      assert.deepEqual<unknown>(planned.notes, unsettled)
      assert.deepInclude(planned.resources[0]?.openOperation, { kind: "Create", label: "old" })
      // The widget, and the resource that does not need it.
      assert.lengthOf(yield* resources, 2)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a create that a human settles", () => {
  it.effect("is adopted only by the native id that it has at the provider", () =>
    Effect.gen(function* () {
      const { agent, apply, inventory, made, resources } = yield* makeInDoubt
      yield* resume
      const wrong = yield* Effect.flip(agent.adopt({ label: "old" }, NativeId.make("widget-0")))
      assert.strictEqual(wrong._tag, "OperationNotOpen")
      assert.strictEqual(wrong.message, "The provider has no FakeAWS::Legacy::Widget widget-0; nothing was changed")
      const id = yield* made
      const adopted = yield* agent.adopt({ label: "old", forma: "shop" }, id)
      assert.deepInclude(adopted, { command: "adopt", status: "succeeded" })
      assert.deepInclude(adopted.resources[0], { label: "old", forma: "shop", status: "succeeded", nativeId: id })
      assert.strictEqual(nativeIdOf(yield* inventory, "old"), id)
      assert.deepEqual(outcomes(yield* apply), ["old noop", "needing create", "alone noop"])
      assert.lengthOf(yield* resources, 3)
      const again = yield* Effect.flip(agent.adopt({ label: "old" }, id))
      assert.strictEqual(again.message, "There is nothing to settle for old; no operation is open")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is created again after it is forgotten", () =>
    Effect.gen(function* () {
      const { agent, apply, inventory, made } = yield* makeInDoubt
      const first = yield* made
      yield* resume
      const forgotten = yield* agent.forget({ label: "old" })
      assert.deepInclude(forgotten, { command: "forget", status: "succeeded" })
      assert.notInclude(JSON.stringify(yield* inventory), '"old"')
      assert.deepEqual(outcomes(yield* apply), ["old create", "needing create", "alone noop"])
      assert.notStrictEqual(nativeIdOf(yield* inventory, "old"), first)
      assert.strictEqual((yield* Effect.flip(agent.forget({ label: "old" })))._tag, "OperationNotOpen")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("must be named unambiguously", () =>
    Effect.gen(function* () {
      const { agent, config, resources, target } = yield* makeInDoubt
      yield* resume
      const unknown = yield* Effect.flip(agent.forget({ label: "new" }))
      assert.strictEqual(unknown.message, "There is nothing to settle for new; these operations are open: shop/old")
      const elsewhere = yield* Effect.flip(agent.forget({ label: "old", forma: "other" }))
      assert.strictEqual(elsewhere.message, "There is nothing to settle for old; these operations are open: shop/old")
      const faults = [{ ...silentAfter("old"), times: 2 }]
      yield* cutOffUnanswered(widgets("other", { ...config, ...target({ faults }) }), resources, 4)
      const two = yield* Effect.flip(agent.forget({ label: "old" }))
      assert.strictEqual(two.message, "old is open in several formae, and none was named: shop, other")
      assert.deepEqual(two._tag === "OperationNotOpen" && two.reason, {
        _tag: "OpenInSeveral",
        formae: ["shop", "other"],
      })
      const forgotten = yield* agent.forget({ label: "old", forma: "other" })
      assert.deepInclude(forgotten.resources[0], { forma: "other" })
      assert.deepInclude((yield* agent.forget({ label: "old" })).resources[0], { forma: "shop" })
    }).pipe(Effect.provide(layerAgent())),
  )
})
