/** A command that is cut off, and continued by an agent whose configuration gives the tag another key. */
import { assert, describe, it } from "@effect/vitest"
import { inProcess } from "formae/plugin"
import { Namespace, type Properties, ResourceType } from "formae/protocol"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { layerTestStore } from "../../../src/testing/TestStore.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { outcomes } from "../../agent/shop.ts"
import { layerFake } from "./FakeClients.ts"
import { makeVpcs } from "./FakeVpcs.ts"

const forma = {
  name: "net",
  targets: { aws: { namespace: Namespace.make("AWS"), config: { region: "eu-central-1" } } },
  resources: [
    {
      label: "net",
      type: ResourceType.make("AWS::EC2::VPC"),
      target: "aws",
      properties: { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "team", Value: "orders" }] },
    },
  ],
}

describe("a create that an agent was cut off in", () => {
  it.effect.each<readonly [before: Properties, after: Properties]>([
    [{}, { prefix: "acme:" }],
    [{ name: "CreatedBy" }, { earlier: ["CreatedBy"] }],
  ])("under the setting %j is continued under %j, and the next apply has nothing to do", ([before, after]) =>
    Effect.gen(function* () {
      const isMade = yield* Deferred.make<void>()
      const { ec2, vpcs } = makeVpcs(() => {
        Deferred.doneUnsafe(isMade, Effect.void)
        return new Promise(() => undefined)
      })
      const store = yield* Layer.build(layerTestStore)
      const faked = {
        ...plugin,
        layerOf: (config: Parameters<typeof plugin.layerOf>[0]) =>
          Layer.merge(plugin.layerOf(config), layerFake({ ec2 })),
      }
      /** An agent with this configuration, on the state of the others. */
      const withAgent = <A, E>(tags: Properties, use: (agent: Agent["Service"]) => Effect.Effect<A, E>) =>
        Effect.flatMap(Agent, use).pipe(
          withPassingTime,
          Effect.provide(
            Agent.layer.pipe(
              Layer.provide([
                Layer.succeedContext(store),
                PluginCoordinator.layerInProcess([inProcess(faked)], { settings: () => ({ tags }) }),
              ]),
              Layer.fresh,
            ),
          ),
        )

      yield* withAgent(before, (agent) =>
        Effect.gen(function* () {
          const apply = yield* Effect.forkChild(agent.apply(forma))
          yield* Deferred.await(isMade)
          yield* Fiber.interrupt(apply)
        }),
      )
      assert.lengthOf(vpcs, 1)
      yield* withAgent(after, (agent) =>
        Effect.gen(function* () {
          const continued = yield* agent.apply(forma)
          assert.deepEqual(outcomes(continued), ["net create"])
          assert.strictEqual(continued.resources[0]?.nativeId, "vpc-1")
          assert.deepEqual(outcomes(yield* agent.apply(forma)), ["net noop"])
        }),
      )
      assert.lengthOf(vpcs, 1)
    }),
  )
})
