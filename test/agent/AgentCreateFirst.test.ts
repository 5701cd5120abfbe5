import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf, formaOf, layerAgent, makeShop, nativeIdOf, outcomes, type Resources, without } from "./shop.ts"

/** The same forma, whose replacements create first. */
const makeShopOfReplacements = Effect.gen(function* () {
  const agent = yield* Agent
  const shop = yield* makeShop
  const forma = (resources: Resources, config: Properties = shop.target(), care: object = {}) => {
    const made = formaOf("shop", config, resources)
    const createFirst = { replace: "createFirst" as const, ...care }
    return { ...made, resources: made.resources.map((one) => ({ ...one, ...createFirst })) }
  }
  return {
    ...shop,
    apply: (...given: Parameters<typeof forma>) => agent.apply(forma(...given)),
    plan: (...given: Parameters<typeof forma>) => agent.plan(forma(...given)),
  }
})

const network = (cidr: string): Resources => ({
  net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
  web: [
    "FakeAWS::EC2::Instance",
    { ImageId: "ami-1", InstanceType: "t3.micro", Tags: [{ Key: "net", Value: { $ref: "net.VpcId" } }] },
  ],
})

/** Nothing refers to it. */
const alone = (cidr: string): Resources => without(network(cidr), "web")

describe("a replacement that creates first", () => {
  it.effect("creates the new one, updates what refers to it, and deletes the old one then", () =>
    Effect.gen(function* () {
      const { apply, inventory, resources, writes } = yield* makeShopOfReplacements
      const first = nativeIdOf(yield* apply(network("10.0.0.0/16")), "net")
      const result = yield* apply(network("10.7.0.0/16"))
      assert.deepEqual(outcomes(result), ["net create", "web update", "net (replaced) delete"])
      assert.notStrictEqual(nativeIdOf(result, "net"), first)
      assert.deepEqual((yield* writes).slice(2), ["create EC2::VPC", "update EC2::Instance", "delete EC2::VPC"])
      assert.deepEqual(
        (yield* inventory).resources.map(({ label }) => label),
        ["net", "web"],
      )
      assert.lengthOf(yield* resources, 2)
      assert.deepEqual(changesOf(yield* apply(network("10.7.0.0/16"))), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is planned with what forces it, and what that was before", () =>
    Effect.gen(function* () {
      const { apply, plan } = yield* makeShopOfReplacements
      yield* apply(network("10.0.0.0/16"))
      const [net, ...others] = (yield* plan(network("10.7.0.0/16"))).resources
      assert.deepInclude(net, { label: "net", operation: "create", forcedBy: ["/CidrBlock"] })
      assert.deepEqual(net?.changes, [
        { path: "/CidrBlock", before: "10.0.0.0/16", after: "10.7.0.0/16", forcesReplacement: true },
      ])
      assert.isFalse(others.some(({ forcedBy }) => forcedBy !== undefined))
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps the old one where the new one cannot be created, and deletes it once it can", () =>
    Effect.gen(function* () {
      const { apply, inventory, resources, target } = yield* makeShopOfReplacements
      const refusing = target({
        faults: [{ operation: "create", when: "before", action: "error", code: "AccessDenied" }],
      })
      const first = nativeIdOf(yield* apply(alone("10.0.0.0/16"), target(), { onRemove: "retain" }), "net")
      const failed = yield* apply(alone("10.7.0.0/16"), refusing, { onRemove: "retain" })
      assert.strictEqual(failed.status, "failed", JSON.stringify(outcomes(failed)))
      assert.include(
        (yield* resources).map(({ native_id }) => native_id),
        first,
      )
      assert.deepEqual(
        (yield* inventory).resources.map(({ label }) => label),
        ["net (replaced)"],
      )
      const done = yield* apply(alone("10.7.0.0/16"))
      assert.deepEqual(outcomes(done), ["net create", "net (replaced) delete"])
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps the old one where what refers to it cannot be updated", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShopOfReplacements
      yield* apply(network("10.0.0.0/16"))
      const faults = [{ operation: "update", when: "before", action: "error", code: "AccessDenied" }]
      const failed = yield* apply(network("10.7.0.0/16"), target({ faults }))
      assert.deepEqual(outcomes(failed), [
        "net create",
        "web update: AccessDenied",
        "net (replaced) delete: DependencyFailure",
      ])
      assert.lengthOf(yield* resources, 3)
      assert.deepEqual(changesOf(yield* apply(network("10.7.0.0/16"))), ["web update", "net (replaced) delete"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is refused where it needs what is deleted first", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { resources, target, writes } = yield* makeShopOfReplacements
      const apply = (cidr: string, ...first: ReadonlyArray<string>) => {
        const forma = formaOf("shop", target(), {
          net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
          block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
        })
        const withCare = forma.resources.map((one) =>
          first.includes(one.label) ? { ...one, replace: "createFirst" as const } : one,
        )
        return agent.apply({ ...forma, resources: withCare })
      }
      yield* apply("10.0.0.0/16", "block")
      const error = yield* Effect.flip(apply("10.7.0.0/16", "block"))
      assert.include(
        error.message,
        "resources.1.replace: block cannot be created first, because net, which it needs, is deleted before: give net replace: createFirst too",
      )
      assert.lengthOf(yield* writes, 2)
      const done = yield* apply("10.7.0.0/16", "block", "net")
      assert.deepEqual(outcomes(done), [
        "net create",
        "block create",
        "net (replaced) delete",
        "block (replaced) delete",
      ])
      assert.lengthOf(yield* resources, 2)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("gives a name that is made to the new one, and is refused where the name is fixed", () =>
    Effect.gen(function* () {
      const { apply, target, writes } = yield* makeShopOfReplacements
      const secret = (more: Properties): Resources => ({
        password: ["FakeAWS::SecretsManager::Secret", { SecretString: "hunter2", ...more }],
      })
      yield* apply(secret({}))
      const away = target({ region: "us-east-1" })
      assert.deepEqual(outcomes(yield* apply(secret({}), away)), ["password create", "password (replaced) delete"])
      assert.deepEqual(outcomes(yield* apply(secret({ Name: "a" }), away)), [
        "password create",
        "password (replaced) delete",
      ])
      assert.lengthOf(yield* writes, 5)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a replacement whose create has failed", () => {
  const faults = [{ operation: "create", when: "before", action: "error", code: "AccessDenied", times: 9 }]
  /** The old network is there, and its replacement could not be created. */
  const makeFailed = (care: object) =>
    Effect.gen(function* () {
      const shop = yield* makeShopOfReplacements
      const first = nativeIdOf(yield* shop.apply(alone("10.0.0.0/16"), shop.target(), care), "net")
      const failed = yield* shop.apply(alone("10.7.0.0/16"), shop.target({ faults }), care)
      assert.strictEqual(failed.status, "failed")
      const labels = Effect.map(shop.inventory, (all) => all.resources.map(({ label }) => label))
      const left = Effect.map(shop.resources, (all) => all.map(({ native_id }) => native_id))
      assert.deepEqual([yield* labels, yield* left], [["net (replaced)"], [first]])
      return { ...shop, first, labels, left }
    })

  it.effect("is undone by the document of before, which deletes nothing", () =>
    Effect.gen(function* () {
      const { apply, first, labels, left } = yield* makeFailed({ onRemove: "retain" })
      const back = yield* apply(alone("10.0.0.0/16"), undefined, { protect: true })
      assert.deepEqual(outcomes(back), ["net noop"])
      assert.deepEqual([yield* labels, yield* left], [["net"], [first]])
      const error = yield* Effect.flip(apply(alone("10.7.0.0/16")))
      assert.include(error.message, `net (FakeAWS::EC2::VPC ${first}) would be replaced`)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is protected by the document that would go on with it", () =>
    Effect.gen(function* () {
      const { apply, first, left } = yield* makeFailed({})
      const error = yield* Effect.flip(apply(alone("10.7.0.0/16"), undefined, { protect: true }))
      assert.include(error.message, `net (FakeAWS::EC2::VPC ${first}) would be replaced`)
      assert.deepEqual(yield* left, [first])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("can be tried again, and keeps what refers to the old one", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShopOfReplacements
      yield* apply(network("10.0.0.0/16"))
      for (const cidr of ["10.7.0.0/16", "10.8.0.0/16"]) {
        assert.strictEqual((yield* apply(network(cidr), target({ faults }))).status, "failed")
        assert.lengthOf(yield* resources, 2)
      }
      const done = yield* apply(network("10.8.0.0/16"))
      assert.deepEqual(outcomes(done), ["net create", "web update", "net (replaced) delete"])
      assert.lengthOf(yield* resources, 2)
      assert.deepEqual(changesOf(yield* apply(network("10.8.0.0/16"))), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("leaves what is retained to a document without it", () =>
    Effect.gen(function* () {
      const { apply, first, labels, left } = yield* makeFailed({ onRemove: "retain" })
      assert.deepEqual(outcomes(yield* apply({})), ["net forget"])
      assert.deepEqual([yield* labels, yield* left], [[], [first]])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("leaves what is retained to a destroy", () =>
    Effect.gen(function* () {
      const { destroy, first, labels, left } = yield* makeFailed({ onRemove: "retain" })
      assert.deepEqual(outcomes(yield* destroy()), ["net (replaced) forget"])
      assert.deepEqual([yield* labels, yield* left], [[], [first]])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("lets its label be renamed, and deletes what is not retained and no longer wanted", () =>
    Effect.gen(function* () {
      const { apply, first, labels, left, target } = yield* makeFailed({})
      const agent = yield* Agent
      const renamed = formaOf("shop", target(), { main: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }] })
      const moved = yield* agent.apply({ ...renamed, moved: [{ from: "net", to: "main" }] })
      assert.deepEqual(outcomes(moved), ["main noop"])
      assert.deepEqual([yield* labels, yield* left], [["main"], [first]])
      assert.deepEqual(outcomes(yield* apply({})), ["main delete"])
    }).pipe(Effect.provide(layerAgent())),
  )
})
