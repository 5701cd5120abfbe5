import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf, formaOf, layerAgent, makeShop, nativeIdOf, outcomes, type Resources, without } from "./shop.ts"

/** The same forma, whose replacements create first. */
const makeShopOfReplacements = Effect.gen(function* () {
  const agent = yield* Agent
  const shop = yield* makeShop
  return {
    ...shop,
    apply: (resources: Resources, config: Properties = shop.target(), care: object = {}) => {
      const forma = formaOf("shop", config, resources)
      const createFirst = { replace: "createFirst" as const, ...care }
      return agent.apply({ ...forma, resources: forma.resources.map((one) => ({ ...one, ...createFirst })) })
    },
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
      const done = yield* apply(alone("10.7.0.0/16"), target(), { onRemove: "retain" })
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
