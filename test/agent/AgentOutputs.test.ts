import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf, formaOf, layerAgent, makeShop, outcomes, type Resources } from "./shop.ts"

const canary = "canary-out-51"
const bucket = "FakeAWS::S3::Bucket"
const secret = "FakeAWS::SecretsManager::Secret"

const network: Resources = {
  net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  key: [secret, { Name: "key", SecretString: "x", Description: { $secret: canary } }],
}
const outputs: Properties = {
  vpcId: { $ref: "net.VpcId" },
  text: { $text: "vpc ${net.VpcId} in ${target.cloud.region}" },
  key: { $ref: "key.Description" },
  list: [1, { $text: "${net.CidrBlock}" }],
}

const app = (vpc: Properties[string]): Resources => ({
  assets: [bucket, { BucketName: "assets", Tags: [{ Key: "vpc", Value: vpc ?? null }] }],
})

describe("the outputs of a plan that was shown", () => {
  it.effect("have to change as it shows them, and what was left out keeps what it uses", () =>
    Effect.gen(function* () {
      const { agent, forma, network: shown, refused } = yield* makeDocuments
      const { outputChanges = [], resources } = yield* agent.plan(shown)
      const asShown = { expected: resources, expectedOutputs: outputChanges }
      const other = forma("network", network, { ...outputs, more: 1, text: "other" })
      const outdated = yield* Effect.flip(agent.apply(other, asShown))
      assert.strictEqual(
        outdated.message,
        "Nothing of the plan for network was done, because it is out of date. output text: its change is not as the plan shows it; output more: its change is not as the plan shows it",
      )
      assert.strictEqual((yield* agent.apply(shown, asShown)).status, "succeeded")
      const using: Resources = { ...app({ $output: "network.vpcId" }), rest: [bucket, { BucketName: "rest" }] }
      yield* agent.apply(forma("app", using, { id: 1 }))
      yield* agent.apply(forma("app", { ...using, ...app("none") }, { id: 1 }), { only: ["rest"] })
      const circle = yield* refused(forma("network", { ...network, ...app({ $output: "app.id" }) }))
      assert.include(circle.join(), "app", "its bucket still uses the network")
    }).pipe(Effect.provide(layerAgent())),
  )
})

const makeDocuments = Effect.gen(function* () {
  const agent = yield* Agent
  const shop = yield* makeShop
  const forma = (name: string, resources: Resources, given?: Properties): Forma => ({
    ...formaOf(name, shop.target(), resources),
    ...(given === undefined ? {} : { outputs: given }),
  })
  const refused = (one: Forma) => Effect.map(Effect.flip(agent.plan(one)), (error) => error.message.split("\n"))
  return { ...shop, agent, forma, refused, network: forma("network", network, outputs) }
})

describe("the outputs of a document", () => {
  it.effect("are in the result of an apply, and secrets among them are not shown", () =>
    Effect.gen(function* () {
      const { agent, network, resources } = yield* makeDocuments
      const applied = yield* agent.apply(network)
      const vpc = (yield* resources).find(({ type }) => type === "FakeAWS::EC2::VPC")?.native_id
      const expected = {
        vpcId: { value: vpc },
        text: { value: `vpc ${vpc} in eu-west-1` },
        key: { secret: true },
        list: { value: [1, "10.0.0.0/16"] },
      }
      assert.deepEqual<unknown>(applied.outputs, expected)
      const again = yield* agent.apply(network)
      assert.deepEqual(changesOf(again), [])
      assert.deepEqual<unknown>(again.outputs, expected)
      assert.notInclude(JSON.stringify([applied, again]), canary)
      assert.notProperty(yield* agent.plan(network), "outputs")
      const listed = (name?: string, withSecret?: boolean) =>
        Effect.match(agent.outputs({ name, withSecret }), {
          onSuccess: (one): unknown => one.outputs,
          onFailure: ({ message }) => message,
        })
      const all = Object.fromEntries(Object.entries(expected).map(([name, one]) => [`network.${name}`, one]))
      assert.deepEqual(yield* listed(), all)
      assert.deepEqual(yield* listed("network", true), all)
      assert.deepEqual(yield* listed("network.vpcId"), { "network.vpcId": { value: vpc } })
      assert.deepEqual(yield* listed("key"), { "network.key": { secret: true } })
      assert.deepEqual(yield* listed("network.key", true), { "network.key": { value: canary } })
      yield* agent.apply({ ...network, outputs: { key: { $ref: "key.Description" } } })
      assert.deepEqual(yield* listed(undefined, true), { "network.key": { secret: true } }, "only by its name")
      yield* agent.apply(network)
      assert.strictEqual(
        yield* listed("network.vpcID2"),
        "The state has no output network.vpcID2; did you mean network.vpcId?",
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("are used by another document, also in text, and what is secret stays secret", () =>
    Effect.gen(function* () {
      const { agent, forma, network, resources } = yield* makeDocuments
      yield* agent.apply(network)
      const user = forma("app", {
        ...app({ $output: "network.vpcId" }),
        note: [secret, { Name: "note", SecretString: "x", Description: { $text: "k ${output.network.key}" } }],
      })
      const applied = yield* agent.apply(user)
      assert.deepEqual(outcomes(applied), ["assets create", "note create"])
      const made = yield* resources
      const vpc = made.find(({ type }) => type === "FakeAWS::EC2::VPC")?.native_id ?? ""
      assert.deepEqual(made.find(({ type }) => type === bucket)?.properties["Tags"], [{ Key: "vpc", Value: vpc }])
      assert.strictEqual(
        made.find(({ properties }) => properties["Name"] === "note")?.properties["Description"],
        `k ${canary}`,
      )
      assert.deepEqual(changesOf(yield* agent.apply(user)), [])
      const rows = yield* (yield* Inventory).list()
      assert.notInclude(JSON.stringify([applied, yield* agent.inventory, rows]), canary)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("that do not exist, do not fit or go in a circle are refused by the plan, in words", () =>
    Effect.gen(function* () {
      const { agent, forma, network, refused } = yield* makeDocuments
      const at = "resources.0.properties.Tags.0.Value: "
      assert.deepEqual(yield* refused(forma("app", app({ $output: "network.vpcId" }))), [
        `${at}the state has no outputs of the document network; apply it first`,
      ])
      yield* agent.apply(network)
      assert.deepEqual(yield* refused(forma("app", app({ $output: "netwrk.vpcId" }))), [
        `${at}the state has no outputs of the document netwrk; did you mean network?`,
      ])
      assert.deepEqual(yield* refused(forma("app", app({ $output: "network.vpcid2" }))), [
        `${at}the document network has no output vpcid2; did you mean vpcId?`,
      ])
      assert.deepEqual(yield* refused(forma("app", app({ $text: "${output.network.list}" }))), [
        `${at}\${output.network.list} is a list, and only a string, a number or a boolean can be a part of a text; refer to a value inside it, or use $ref`,
      ])
      assert.deepEqual(yield* refused(forma("app", app({ $output: "network" }))), [
        `${at}expected the output of another document, such as network.vpcId`,
      ])
      assert.deepEqual(yield* refused(forma("network", app({ $output: "network.vpcId" }))), [
        `${at}a document cannot use its own outputs; refer to the resource itself with $ref`,
      ])
      assert.deepEqual(
        yield* refused(forma("app", app("x"), { a: { $ref: "nobody.Arn" }, b: { $ref: "assets.Arm" } })),
        ["outputs.a: there is no resource with the label nobody to refer to; the labels are: assets"],
      )
      yield* agent.apply(forma("middle", {}, { id: { $output: "network.vpcId" } }))
      assert.deepEqual(
        yield* refused(forma("network", network.resources.length > 0 ? app({ $output: "middle.id" }) : {})),
        [
          `${at}network and middle would use each other's outputs, in a circle; put what both need into a third document`,
        ],
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("wait for an apply of their document that is running", () =>
    Effect.gen(function* () {
      const { agent, forma, network, resources } = yield* makeDocuments
      const begun = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        agent.apply(network, {
          observe: (event) =>
            event._tag === "Planned" ? Effect.asVoid(Deferred.succeed(begun, undefined)) : Effect.void,
        }),
      )
      yield* Deferred.await(begun)
      const second = yield* Effect.forkChild(agent.apply(forma("app", app({ $output: "network.vpcId" }))))
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["net create", "key create"])
      assert.deepEqual(outcomes(yield* Fiber.join(second)), ["assets create"])
      assert.lengthOf(yield* resources, 3)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("stay as they were where a resource has failed, and are gone with the document", () =>
    Effect.gen(function* () {
      const { agent, forma, network, refused, target } = yield* makeDocuments
      const before = (yield* agent.apply(network)).outputs
      const fault = {
        operation: "read",
        type: "FakeAWS::EC2::VPC",
        when: "before",
        action: "error",
        code: "AccessDenied",
      }
      const broken = { cloud: { ...network.targets["cloud"]!, config: target({ faults: [fault] }) } }
      const failed = yield* agent.apply({ ...network, targets: broken })
      assert.strictEqual(failed.status, "failed")
      assert.notProperty(failed.outputs, "vpcId")
      const { outputs } = yield* agent.apply(forma("app", {}, { id: { $output: "network.vpcId" } }))
      assert.deepEqual<unknown>(outputs, { id: before?.["vpcId"] })
      yield* agent.destroy("network")
      assert.deepEqual(yield* refused(forma("app", app({ $output: "network.vpcId" }))), [
        "resources.0.properties.Tags.0.Value: the state has no outputs of the document network; apply it first",
      ])
    }).pipe(Effect.provide(layerAgent())),
  )
})
