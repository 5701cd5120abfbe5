/** What an apply writes, call by call: a create, a second apply, one changed tag, a delete. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { formaOf, layerAgent, type Resources } from "../../agent/shop.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { makeFakeCloud } from "./FakeCloud.ts"

/** One resource of each type. A block has no tags, and cannot be changed. */
const tagged = (Value: string): Resources => {
  const Tags = [{ Key: "stage", Value }]
  return {
    net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16", EnableDnsSupport: true, Tags }],
    block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
    web: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro", Tags }],
    logs: ["FakeAWS::S3::Bucket", { BucketName: "logs", VersioningConfiguration: { Status: "Enabled" }, Tags }],
    password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: "hunter2", Tags }],
    old: ["FakeAWS::Legacy::Widget", { Model: "m", Size: 1, Tags }],
  }
}

const types = Object.values(tagged("any")).map(([type]) => type)
const immutable = "FakeAWS::EC2::VPCCidrBlock"
const each = (operation: string, names: ReadonlyArray<string>) => names.map((type) => `${operation} ${type}`).toSorted()

describe("the writes of each type of FakeAWS", () => {
  it("are tested for each type", () => {
    assert.sameMembers(types, [...plugin.types.keys()])
  })

  it.effect("are those of what changed, and no others", () =>
    Effect.gen(function* () {
      const { calls, target } = yield* makeFakeCloud
      const agent = yield* Agent
      let seen = 0
      const written = <A, E, R>(run: Effect.Effect<A, E, R>) =>
        Effect.gen(function* () {
          yield* withPassingTime(run)
          const made = yield* calls
          const fresh = made.slice(seen)
          seen = made.length
          return fresh
            .filter(({ operation }) => !["list", "read", "recover", "status"].includes(operation))
            .map(({ operation, type }) => `${operation} ${type}`)
            .toSorted()
        })
      const apply = (stage: string) => agent.apply(formaOf("shop", target(), tagged(stage)))
      assert.deepEqual(yield* written(apply("test")), each("create", types))
      assert.deepEqual(yield* written(apply("test")), [])
      const changeable = types.filter((type) => type !== immutable)
      assert.deepEqual(yield* written(apply("live")), each("update", changeable))
      assert.deepEqual(yield* written(apply("live")), [])
      assert.deepEqual(yield* written(agent.destroy("shop")), each("delete", types))
    }).pipe(Effect.provide(layerAgent())),
  )
})
