import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { Catalog } from "../../src/agent/catalog/Catalog.ts"
import { PluginLauncher } from "../../src/agent/launch/PluginLauncher.ts"
import { PluginStartFailed } from "../../src/agent/launch/PluginStartFailed.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Quarantines } from "../../src/agent/supervision/Quarantines.ts"
import { Answer, defineResource, definePlugin, inProcess, Property } from "../../src/plugin/index.ts"
import { supportedProtocol } from "../../src/protocol/Handshake.ts"
import { Cookie, Namespace, NodeName, ResourceType } from "../../src/protocol/Identity.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { entryOf } from "./supervision/supervised.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { changesOf, formaOf, layerAgent, makeShop, nativeIdOf, outcomes, shop, without } from "./shop.ts"

const refuse = (more: Properties): Properties => ({ when: "before", action: "error", code: "AccessDenied", ...more })

describe("a resource that fails", () => {
  it.effect("takes those that refer to it with it, and nothing else", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const config = target({ faults: [refuse({ operation: "create", label: "block" })] })
      const result = yield* apply(shop, config)
      assert.strictEqual(result.status, "failed")
      assert.deepEqual(
        outcomes(result).filter((outcome) => outcome.includes(":")),
        ["block create: AccessDenied", "web create: DependencyFailure", "tail create: DependencyFailure"],
      )
      assert.lengthOf(yield* resources, 7)
      const web = result.resources.find(({ label }) => label === "web")
      assert.deepInclude(web?.error, { message: "not tried, because block has failed" })
      assert.deepInclude(web, { attempts: 0, nativeId: null })
      // The fault is used up: the next apply makes what is missing, and only that.
      assert.deepEqual(changesOf(yield* apply(shop, config)), ["block create", "web create", "tail create"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("tells how often it was tried, and why it was given up", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeShop
      const faults = [refuse({ operation: "create", label: "net", code: "Throttling", times: 3 })]
      const result = yield* withPassingTime(apply({ net: shop["net"]! }, target({ faults })))
      assert.deepInclude(result.resources[0], { status: "succeeded", attempts: 4 })
      const denied = [refuse({ operation: "create", label: "alone" })]
      const [alone] = (yield* apply({ alone: shop["alone"]! }, target({ faults: denied }), "other")).resources
      assert.deepInclude(alone, { status: "failed", attempts: 1 })
      assert.deepEqual(alone?.error, { code: "AccessDenied", message: "a fault that the target asks for" })
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect(
    "is in the inventory if it exists in part, and the next apply asks for it where that could not be done",
    () =>
      Effect.gen(function* () {
        const { apply, inventory, resources, target } = yield* makeShop
        const fault = refuse({ operation: "create", when: "status", label: "net" })
        const config = target({ settleMillis: 50, faults: [fault] })
        const net = { net: shop["net"]! }
        const first = yield* withPassingTime(apply(net, config))
        assert.deepEqual(outcomes(first), ["net create: AccessDenied"])
        assert.match(nativeIdOf(first, "net"), /^vpc-/)
        assert.deepEqual(outcomes(yield* inventory), ["net noop"])
        assert.strictEqual(nativeIdOf(yield* inventory, "net"), nativeIdOf(first, "net"))
        assert.deepEqual(outcomes(yield* withPassingTime(apply(net, config))), ["net create"])
        assert.deepEqual(outcomes(yield* withPassingTime(apply(net, config))), ["net noop"])
        assert.lengthOf(yield* resources, 1)
      }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("does not cost the resources that would have been replaced after it", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const fault = refuse({ operation: "create", type: "FakeAWS::EC2::VPC", label: "second" })
      const config = target({ faults: [fault] })
      const { block, net } = shop
      yield* apply({ net: net!, block: block! }, config)
      const before = yield* resources
      // The block moves to a VPC that can not be made: it must not have left the first one by then.
      const moved = {
        net: net!,
        second: ["FakeAWS::EC2::VPC", { CidrBlock: "10.5.0.0/16" }] as const,
        block: [block![0], { ...block![1], VpcId: { $ref: "second.VpcId" } }] as const,
      }
      const result = yield* apply(moved, config)
      assert.deepEqual(changesOf(result), ["second create: AccessDenied", "block replace: DependencyFailure"])
      assert.deepEqual(yield* resources, before)
      assert.deepEqual(changesOf(yield* apply(moved, config)), ["second create", "block replace"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("has no native id any more once its old one is deleted", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeShop
      const taken = ["FakeAWS::S3::Bucket", { BucketName: "taken" }] as const
      yield* apply({ other: taken }, undefined, "other")
      yield* apply({ pictures: shop["pictures"]! })
      const result = yield* apply({ pictures: taken })
      assert.deepEqual(outcomes(result), ["pictures replace: AlreadyExists"])
      assert.isNull(result.resources[0]?.nativeId)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a resource that can not be deleted", () => {
  it.effect("stays in the inventory, and so does what it refers to", () =>
    Effect.gen(function* () {
      const { apply, destroy, inventory, resources, target } = yield* makeShop
      const some = { net: shop["net"]!, block: shop["block"]!, web: shop["web"]!, pictures: shop["pictures"]! }
      const fault = refuse({ operation: "delete", type: "FakeAWS::EC2::VPCCidrBlock" })
      yield* apply(some, target({ faults: [fault] }))
      const first = yield* destroy()
      assert.strictEqual(first.status, "failed")
      assert.deepEqual(outcomes(first), [
        "block delete: AccessDenied",
        "net delete: DependencyFailure",
        "pictures delete",
        "web delete",
      ])
      assert.deepEqual(outcomes(yield* inventory), ["block noop", "net noop"])
      assert.lengthOf(yield* resources, 2)
      assert.deepEqual(outcomes(yield* destroy()), ["block delete", "net delete"])
      assert.lengthOf(yield* resources, 0)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a resource that can not be read", () => {
  const unreadable = (target: (more: Properties) => Properties, times = 1) =>
    target({ faults: [refuse({ operation: "read", type: "FakeAWS::EC2::VPC", times })] })

  it.effect("is left as it is, and so is what refers to it", () =>
    Effect.gen(function* () {
      const { apply, plan, resources, target, writes } = yield* makeShop
      const config = unreadable(target, 2)
      const some = without(shop, "alone")
      yield* apply(some, config)
      const before = yield* resources
      const edited = {
        ...some,
        web: ["FakeAWS::EC2::Instance", { ...some["web"]![1], InstanceType: "t3.large" }] as const,
      }
      const refused = [
        "net noop: AccessDenied",
        "block noop: DependencyFailure",
        "web noop: DependencyFailure",
        "tail noop: DependencyFailure",
      ]
      const planned = yield* plan(edited, config)
      assert.strictEqual(planned.status, "failed")
      assert.deepEqual(changesOf(planned), refused)
      const applied = yield* apply(edited, config)
      assert.deepEqual(changesOf(applied), refused)
      assert.deepEqual(
        applied.resources.map(({ nativeId }) => nativeId),
        planned.resources.map(({ nativeId }) => nativeId),
      )
      assert.deepEqual(yield* resources, before)
      assert.lengthOf(yield* writes, 9)
      assert.deepEqual(changesOf(yield* apply(edited, config)), ["web update"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("how many changes are under way at once", () => {
  it.effect("is bounded by 32", () =>
    Effect.gen(function* () {
      const crowded = yield* Latch.make(false)
      let running = 0
      let most = 0
      const Thing = defineResource({
        type: "Crowd::Of::Thing",
        idempotency: "name",
        target: Schema.Struct({}),
        properties: Schema.Struct({ Name: Property.createOnly(Schema.String) }),
        create: ({ properties }) =>
          Effect.gen(function* () {
            running += 1
            most = Math.max(most, running)
            if (running === 32) yield* crowded.open
            yield* crowded.await
            yield* Effect.yieldNow
            running -= 1
            return Answer.succeeded({ nativeId: properties.Name, properties })
          }),
        read: () => Effect.succeed({}),
        delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
      })
      const plugin = definePlugin({ name: "crowd", namespace: "Crowd", version: "1.0.0", types: [Thing] })
      const names = Array.from({ length: 80 }, (_, index) => `thing${index}`)
      const forma = {
        name: "crowd",
        targets: { here: { namespace: Namespace.make("Crowd") } },
        resources: names.map((label) => ({
          label,
          type: ResourceType.make("Crowd::Of::Thing"),
          target: "here",
          properties: { Name: label },
        })),
      }
      const result = yield* Effect.flatMap(Agent, (agent) => agent.apply(forma, () => Effect.void)).pipe(
        Effect.provide(layerAgent([inProcess(plugin)])),
      )
      assert.strictEqual(result.status, "succeeded")
      assert.lengthOf(result.resources, 80)
      assert.strictEqual(most, 32)
    }),
  )
})

describe("a forma is refused before anything is done", () => {
  const mixed = (config: Properties) => {
    const forma = formaOf("shop", config, shop)
    return {
      ...forma,
      targets: { ...forma.targets, there: { namespace: Namespace.make("Suite") } },
      resources: [
        ...forma.resources,
        { label: "more", type: ResourceType.make("Suite::Of::Things"), target: "there", properties: {} },
      ],
    }
  }

  it.effect("where no plugin serves one of its namespaces", () =>
    Effect.gen(function* () {
      const { file, inventory, target } = yield* makeShop
      const agent = yield* Agent
      const error = yield* Effect.flip(agent.apply(mixed(target()), () => Effect.void))
      assert.strictEqual(error.message, "No plugin serves the namespace Suite; known namespaces: FakeAWS")
      assert.deepEqual((yield* inventory).resources, [])
      assert.isFalse(existsSync(file))
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("where a plugin can not be started", () => {
    const linked = inProcess(fakeAws)
    const halfLaunched = Layer.succeed(
      PluginLauncher,
      PluginLauncher.of({
        launch: Effect.fnUntraced(function* ({ entry: { entryPath, manifest }, generation }) {
          if (manifest.name !== linked.name) {
            return yield* new PluginStartFailed({
              plugin: manifest.name,
              generation,
              entry: entryPath,
              cause: { _tag: "Exited", code: 1 },
              output: ["no such module"],
            })
          }
          return {
            generation,
            operator: yield* linked.operator,
            ended: Effect.never,
            inFlight: () => [],
            drain: Effect.void,
            configure: () => Effect.void,
            identity: {
              protocol: supportedProtocol.max,
              name: linked.name,
              namespace: linked.namespace,
              version: linked.version,
              node: NodeName.make("agent@localhost"),
              cookie: Cookie.make("linked"),
              pid: 1,
              types: linked.types,
            },
          }
        }),
      }),
    )
    const entries = Catalog.fromEntries([entryOf("fake-aws", "FakeAWS"), entryOf("suite", "Suite")])
    const coordinator = PluginCoordinator.layerNoDeps().pipe(
      Layer.provide([halfLaunched, Layer.succeed(Catalog, entries), Quarantines.layerMemory]),
    )
    return Effect.gen(function* () {
      const { file, inventory, target } = yield* makeShop
      const agent = yield* Agent
      const error = yield* Effect.flip(agent.apply(mixed(target()), () => Effect.void))
      assert.strictEqual(
        error.message,
        "The plugin suite did not start (/plugins/suite/main.js): it exited with code 1. It printed:\n  no such module",
      )
      assert.deepEqual((yield* inventory).resources, [])
      assert.isFalse(existsSync(file))
    }).pipe(
      Effect.provide(
        Layer.mergeAll(Agent.layer, Inventory.layer).pipe(Layer.provide([Store.layerMemory, coordinator])),
      ),
    )
  })

  it.effect("where a resource has a property that its type does not have", () =>
    Effect.gen(function* () {
      const { apply, file } = yield* makeShop
      const error = yield* Effect.flip(
        apply({ ...shop, old: ["FakeAWS::Legacy::Widget", { Model: "m", Colour: "red" }] }),
      )
      assert.strictEqual(error._tag, "FormaInvalid")
      assert.include(error.message, "FakeAWS::Legacy::Widget has no property Colour; it takes: Model, Size, Tags")
      assert.isFalse(existsSync(file))
    }).pipe(Effect.provide(layerAgent())),
  )
})
