import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { validateForma } from "../../../src/agent/plan/FormaExamination.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { formaOf, type Resources, shop } from "../shop.ts"

const config = { cloud: "/nowhere/at/all/cloud.db", region: "eu-west-1" }

/** The mistakes, without those that stand for others. */
const mistakes = (resources: Resources) =>
  Effect.match(validateForma(formaOf("shop", config, resources)), {
    onSuccess: () => [],
    onFailure: (error) =>
      error._tag === "FormaInvalid"
        ? error.issues.map(({ message, path }) => `${path.join(".")}: ${message}`)
        : [error._tag],
  })

describe("a forma without its providers", () => {
  it.effect("is valid whatever only they know, and other documents", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakes(shop), [])
      const later: Resources = {
        net: ["FakeAWS::EC2::VPC", { CidrBlock: { $output: "network.cidr" } }],
        secret: [
          "FakeAWS::SecretsManager::Secret",
          {
            Name: { $text: "of-${target.cloud.accountId}-${output.network.id}" },
            SecretString: { $secret: "x" },
            Description: { $ref: "net.VpcId" },
          },
        ],
      }
      assert.deepEqual(yield* mistakes(later), [])
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)]))),
  )

  it.effect("has mistakes in its types, properties and references, each with its place", () =>
    Effect.gen(function* () {
      const found = yield* mistakes({
        net: ["FakeAWS::EC2::VPC", { CidrBlock: 10 }],
        block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.Vpc" }, CidrBlock: "10.1.0.0/16" }],
        pictures: ["FakeAWS::S3::Bucket", { BucketName: "pictures", Colour: "blue" }],
        strange: ["FakeAWS::EC2::Car", {}],
      })
      assert.deepEqual(
        found.map((one) => one.slice(0, one.indexOf(":"))),
        [
          "resources.0.properties.CidrBlock",
          "resources.1.properties.VpcId",
          "resources.2.properties.Colour",
          "resources.3.type",
        ],
        found.join("\n"),
      )
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)]))),
  )
})
