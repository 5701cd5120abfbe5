/** What an agent finds that no document owns, in one process and over its API. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { NamespaceUnknown } from "../../src/agent/catalog/NamespaceUnknown.ts"
import type { DiscoverOptions } from "../../src/agent/commands/Discovery.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { formaOf, makeShop } from "../agent/shop.ts"
import { makeStrays } from "../agent/strays.ts"
import type { LayerOf } from "./agentSuite.ts"

const discover = (options: DiscoverOptions) =>
  Effect.flatMap(Agent, (agent) => Stream.runCollect(agent.discover(options)))

/** Runs the suite. */
export const discoverySuite = (name: string, layerOf: LayerOf) => {
  describe(`a discovery of an agent ${name}`, () => {
    it.effect("finds what no document owns, by type, tag and name, and changes nothing", () =>
      Effect.gen(function* () {
        const { apply, target, writes } = yield* makeShop
        const config = target()
        const strays = yield* makeStrays(config, {
          net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.3.0.0/16", Tags: [{ Key: "Name", Value: "old net" }] }],
          pictures: ["FakeAWS::S3::Bucket", { BucketName: "pictures", Tags: [{ Key: "team", Value: "web" }] }],
          password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: "canary-5f0e" }],
        })
        yield* apply({ own: ["FakeAWS::S3::Bucket", { BucketName: "own" }] }, config)
        const before = yield* writes
        const { targets } = formaOf("shop", config, {})
        const all = yield* discover({ targets })
        assert.deepEqual(
          all.map((one) => (one._tag === "Found" ? `${one.type} ${one.nativeId}` : one)).toSorted(),
          [
            `FakeAWS::EC2::VPC ${strays["net"]}`,
            "FakeAWS::S3::Bucket pictures",
            `FakeAWS::SecretsManager::Secret ${strays["password"]}`,
          ].toSorted(),
        )
        assert.sameDeepMembers(yield* discover({}), all, "the targets of the inventory")
        const named = (found: typeof all) => found.map((one) => (one._tag === "Found" ? one.name : one))
        assert.deepEqual(named(yield* discover({ targets, query: { team: "w*" } })), ["pictures"])
        assert.deepEqual(named(yield* discover({ targets, types: ["FakeAWS::EC2"], query: { Name: "*" } })), [
          "old net",
        ])
        assert.deepEqual(named(yield* discover({ targets, query: { SecretString: "canary*" } })), [])
        const [failed] = yield* discover({ targets, types: ["FakeAWS::EC2::Gateway"] })
        const unknown = yield* Effect.flip(discover({ targets, types: ["FakeAWS::S3", "FakeAW::S3"] }))
        assert.instanceOf(unknown, NamespaceUnknown)
        assert.deepInclude(unknown, { namespace: "FakeAW", known: ["FakeAWS"] })
        assert.deepInclude(failed, { _tag: "Failed", target: "cloud", type: "FakeAWS::EC2::Gateway" })
        assert.deepEqual(yield* writes, before)
      }).pipe(Effect.provide(layerOf([inProcess(fakeAws)]))),
    )
  })
}
