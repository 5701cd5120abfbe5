/** Where an import writes: into a document that it makes, and into a folder. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { layerAgent, makeShop } from "../../agent/shop.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import { makeStrays } from "../../agent/strays.ts"
import { importAll, readInto } from "./importing.ts"

const canary = "canary-90aa"

const makeSetting = Effect.gen(function* () {
  const folder = yield* temporaryFolder
  const shop = yield* makeShop
  const config = shop.target()
  yield* makeStrays(config, {
    net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
    block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
    logs: ["FakeAWS::S3::Bucket", { BucketName: "logs", Tags: [{ Key: "team", Value: "web" }] }],
    password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: canary }],
  })
  const before = yield* shop.writes
  const agent = yield* Agent
  return {
    agent,
    folder,
    targetConfig: JSON.stringify(config),
    /** What a plan of the document would do. */
    planned: (into: string, set?: ReadonlyArray<string>) =>
      Effect.flatMap(readInto(into, set), ({ forma }) =>
        Effect.map(agent.plan(forma), ({ resources }) =>
          resources.map(({ label, operation }) => `${label} ${operation}`).toSorted(),
        ),
      ),
    changedNothing: Effect.map(shop.writes, (writes) => assert.deepEqual(writes, before)),
  }
})

describe("an import", () => {
  it.effect("makes a document that is not there, where its target is said, and never writes over one", () =>
    Effect.gen(function* () {
      const { agent, changedNothing, folder, planned, targetConfig } = yield* makeSetting
      const into = join(folder, "found.yaml")
      const without = yield* Effect.flip(importAll(agent, { into, ofType: ["FakeAWS::S3"] }))
      assert.include(without.message, "found.yaml does not exist. To have it made,")
      assert.include(
        without.message,
        `: formae import --type FakeAWS::S3 --into ${into} --target-config '{"region":"eu-west-1"}'`,
      )
      const odd = yield* Effect.flip(importAll(agent, { into: `${into}.txt`, ofType: ["FakeAWS::S3"], targetConfig }))
      assert.match(odd.message, /made only with a name that ends in \.yaml, \.yml or \.json$/)
      const step = (name: string) =>
        Effect.sync(() => (name.endsWith("before") ? writeFileSync(into, "# somebody") : undefined))
      const raced = yield* Effect.flip(importAll(agent, { into, ofType: ["FakeAWS::S3"], targetConfig, step }))
      assert.match(raced.message, /was not written: somebody has made it meanwhile\. Nothing was created/)
      assert.strictEqual(readFileSync(into, "utf8"), "# somebody")

      yield* importAll(agent, { into: join(folder, "made.yaml"), ofType: ["FakeAWS::EC2"], targetConfig })
      const made = yield* planned(join(folder, "made.yaml"))
      assert.isTrue(made.length === 2 && made.every((one) => /^vpc-\S+ noop$/.test(one)), made.join())
      const set = [`password-SecretString=${canary}`]
      const json = join(folder, "secrets.json")
      yield* importAll(agent, { into: json, ofType: ["FakeAWS::SecretsManager"], targetConfig, set, target: "eu" })
      assert.deepEqual(yield* planned(json, set), ["password noop"])
      assert.deepEqual(Object.keys(JSON.parse(readFileSync(json, "utf8")).targets), ["eu"])
      assert.notInclude(readFileSync(json, "utf8"), canary)
      const again = yield* Effect.flip(
        importAll(agent, { into: join(folder, "made.yaml"), ofType: ["FakeAWS::EC2"], targetConfig }),
      )
      assert.match(again.message, /has targets of its own: --target-config is for a document that is yet to be made/)
      assert.sameMembers(readdirSync(folder), ["found.yaml", "secrets.json", "made.yaml"])
      yield* changedNothing
    }).pipe(Effect.provide(layerAgent([inProcess(fakeAws)]))),
  )

  it.effect("gives a folder a file imported.yaml, and adds to it the next time", () =>
    Effect.gen(function* () {
      const { agent, changedNothing, folder, planned, targetConfig } = yield* makeSetting
      const into = join(folder, "shop")
      mkdirSync(into)
      const cloud = { namespace: "FakeAWS", config: JSON.parse(targetConfig) }
      const targets = JSON.stringify({ targets: { cloud }, resources: [] })
      writeFileSync(join(into, "targets.json"), targets)
      yield* importAll(agent, { into, ofType: ["FakeAWS::EC2::VPC"] })
      const part = join(into, "imported.yaml")
      const first = readFileSync(part, "utf8")
      const label = /label: (\S+)/.exec(first)?.[1] ?? ""
      assert.deepEqual(yield* planned(into), [`${label} noop`])
      const set = [`password-SecretString=${canary}`]
      yield* importAll(agent, { into, ofType: ["FakeAWS"], set })
      assert.isTrue(readFileSync(part, "utf8").includes(first), "what was there stays")
      assert.include(readFileSync(part, "utf8"), `VpcId: { $ref: ${label}.VpcId }`)
      assert.lengthOf(yield* planned(into, set), 4)
      assert.strictEqual(readFileSync(join(into, "targets.json"), "utf8"), targets)
      assert.sameMembers(readdirSync(into), ["imported.yaml", "targets.json"])
      yield* changedNothing
    }).pipe(Effect.provide(layerAgent([inProcess(fakeAws)]))),
  )
})
