/** A forma that is declared with resource types that the compiler knows, applied by an agent in this process. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Bucket } from "../../plugins/fake-aws/src/types/Bucket.ts"
import { Secret } from "../../plugins/fake-aws/src/types/Secret.ts"
import { Vpc } from "../../plugins/fake-aws/src/types/Vpc.ts"
import { VpcCidrBlock } from "../../plugins/fake-aws/src/types/VpcCidrBlock.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { Forma } from "../../src/agent/forma/Forma.ts"
import { readForma } from "../../src/agent/forma/FormaText.ts"
import { makeFakeCloud } from "../plugins/fake-aws/FakeCloud.ts"
import { layerAgent, outcomes } from "./shop.ts"

const declareShop = (cloud: string) => {
  const target = Forma.target(Bucket, { label: "cloud", config: { cloud, region: "eu-west-1", settleMillis: 0 } })
  const net = Forma.resource(Vpc, { label: "net", target, properties: { CidrBlock: "10.0.0.0/16" } })
  const pictures = Forma.resource(Bucket, { label: "pictures", target, properties: { BucketName: "shop-pictures" } })
  return {
    target,
    pictures,
    // Each before what it refers to.
    resources: [
      Forma.resource(VpcCidrBlock, {
        label: "block",
        target,
        properties: { VpcId: net.ref("VpcId"), CidrBlock: "10.1.0.0/16" },
      }),
      net,
      Forma.resource(Bucket, {
        label: "logs",
        ignore: ["Tags"],
        onRemove: "retain",
        target,
        properties: { BucketName: "shop-logs", Tags: [{ Key: "of", Value: pictures.ref("Arn") }] },
      }),
      pictures,
      Forma.resource(Secret, {
        label: "note",
        target,
        properties: { Name: "note", SecretString: "hunter2", Description: pictures.ref("Arn") },
      }),
    ],
  }
}

describe("a typed forma", () => {
  it.effect("is applied with its references resolved, and applied again without a change", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const cloud = yield* makeFakeCloud
      const { resources, target } = declareShop(cloud.file)
      const forma = yield* Forma.make({ name: "shop", targets: [target], resources })
      const first = yield* agent.apply(forma)
      assert.deepEqual(outcomes(first), ["block create", "net create", "logs create", "pictures create", "note create"])
      const made = yield* cloud.resources
      const madeWith = (value: string) => made.find(({ properties }) => Object.values(properties).includes(value))
      const vpcId = madeWith("10.0.0.0/16")?.native_id
      assert.isDefined(vpcId)
      assert.strictEqual(madeWith("10.1.0.0/16")?.properties["VpcId"], vpcId)
      assert.deepEqual(madeWith("shop-logs")?.properties["Tags"], [{ Key: "of", Value: "arn:aws:s3:::shop-pictures" }])
      const second = yield* agent.apply(forma)
      assert.deepEqual(outcomes(second), ["block noop", "net noop", "logs noop", "pictures noop", "note noop"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is the forma that a document with the same content has", () =>
    Effect.gen(function* () {
      const { resources, target } = declareShop("cloud.db")
      const forma = yield* Forma.make({ name: "shop", targets: [target], resources })
      const { forma: read } = yield* readForma(JSON.stringify(forma), "unnamed")
      assert.deepEqual(forma, read)
      assert.deepEqual(forma.resources[2], {
        label: "logs",
        type: Bucket.type,
        target: "cloud",
        properties: { BucketName: "shop-logs", Tags: [{ Key: "of", Value: { $ref: "pictures.Arn" } }] },
        ignore: ["Tags"],
        onRemove: "retain",
      })
    }),
  )

  it.effect("is refused for what the compiler cannot see", () =>
    Effect.gen(function* () {
      const { pictures, resources, target } = declareShop("cloud.db")
      const refusalOf = (input: Parameters<typeof Forma.make>[0]) =>
        Effect.map(Effect.flip(Forma.make(input)), ({ message }) => message.split("\n"))
      assert.deepEqual(yield* refusalOf({ name: "shop", targets: [target, target], resources: [pictures] }), [
        "targets.1.label: the label cloud is taken by targets[0]; give one of them another label",
      ])
      assert.deepEqual(yield* refusalOf({ name: "shop", targets: [], resources: [pictures] }), [
        "resources.0.target: there is no target cloud; there are no targets",
      ])
      assert.deepEqual(yield* refusalOf({ name: "shop", targets: [target], resources: [pictures, pictures] }), [
        "resources.1.label: the label pictures is already used by resources[0]; give one of them another label",
      ])
      assert.deepEqual(yield* refusalOf({ name: "shop", targets: [target], resources: resources.slice(0, 1) }), [
        "resources.0.properties.VpcId: there is no resource with the label net to refer to; the labels are: block",
      ])
      assert.deepEqual(yield* refusalOf({ name: "shop", targets: [{ ...target, label: "my cloud" }], resources: [] }), [
        "targets.my cloud: Expected a name of letters, digits, dashes and underscores that does not begin with a digit, such as web-1",
      ])
    }),
  )
})
