import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { changesOf, formaOf, layerAgent, makeShop, outcomes, type Resources, without } from "./shop.ts"

const bucket = "FakeAWS::S3::Bucket"
const secret = "FakeAWS::SecretsManager::Secret"

const texts: Resources = {
  policy: [
    secret,
    {
      Name: "policy",
      SecretString: "x",
      Description: { $text: "arn: ${assets.Arn}/* of ${net.CidrBlock}, $${aws:username}" },
    },
  ],
  assets: [bucket, { BucketName: "assets", Tags: [{ Key: "vpc", Value: { $text: "${net.VpcId}" } }] }],
  net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
}

describe("a text with values in it", () => {
  it.effect("is applied after what it refers to, is the same the second time, and follows what it refers to", () =>
    Effect.gen(function* () {
      const { apply, destroy, plan, resources, writes } = yield* makeShop
      assert.deepEqual(changesOf(yield* plan(texts)), ["policy create", "assets create", "net create"])
      assert.deepEqual(changesOf(yield* apply(texts)), ["policy create", "assets create", "net create"])
      const made = yield* resources
      const of = (type: string) => made.find((one) => one.type === type)
      assert.deepEqual(of(bucket)?.properties["Tags"], [
        { Key: "vpc", Value: of("FakeAWS::EC2::VPC")?.native_id ?? "" },
      ])
      assert.strictEqual(
        of(secret)?.properties["Description"],
        "arn: arn:aws:s3:::assets/* of 10.0.0.0/16, ${aws:username}",
      )
      assert.deepEqual(changesOf(yield* apply(texts)), [])
      const moved: Resources = { ...texts, net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.8.0.0/16" }] }
      assert.deepEqual(changesOf(yield* plan(moved)), ["policy update", "assets update", "net replace"])
      yield* destroy()
      assert.deepEqual((yield* writes).slice(-3).toSorted(), [
        "delete EC2::VPC",
        "delete S3::Bucket",
        "delete SecretsManager::Secret",
      ])
      assert.strictEqual((yield* writes).at(-1), "delete EC2::VPC")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is refused where a value does not fit, leads nowhere, or goes in a circle", () =>
    Effect.gen(function* () {
      const { apply, file, target } = yield* makeShop
      const refused = (resources: Resources) =>
        Effect.map(Effect.flip(apply(resources)), (error) => (error._tag === "FormaInvalid" ? error.issues : []))
      const described = (text: string): Resources => ({
        ...texts,
        policy: [secret, { Name: "policy", SecretString: "x", Description: { $text: text } }],
      })
      const at = ["resources", 0, "properties", "Description"]
      assert.deepEqual(yield* refused(described("${assets.Tags}")), [
        {
          path: at,
          message:
            "${assets.Tags} is a list, and only a string, a number or a boolean can be a part of a text; refer to a value inside it, or use $ref",
        },
      ])
      assert.deepEqual(yield* refused(described("${asets.Arn}")), [
        { path: at, message: "there is no resource with the label asets to refer to; did you mean assets?" },
      ])
      assert.deepEqual(yield* refused(described("${policy.Arn}")), [
        { path: ["resources", 0], message: "policy refers to itself" },
      ])
      assert.deepEqual(yield* refused(described("${target.clod.accountId} ${target.cloud} ${env.HOME}")), [
        { path: at, message: "there is no target clod; did you mean cloud?" },
        { path: at, message: "expected a fact of a target, such as ${target.aws.accountId}" },
        {
          path: at,
          message:
            "${env.HOME} has no value here: variables are replaced where a document is read; in code, use the value itself",
        },
      ])
      assert.deepEqual(yield* refused({ ...described("${target.Arn}"), target: [bucket, { BucketName: "target" }] }), [
        {
          path: at,
          message: "in a text, target is a reserved word; give the resource another label, or take its value with $ref",
        },
      ])
      const agent = yield* Agent
      const round = formaOf("shop", target(), {
        a: [bucket, { BucketName: "a-bucket" }],
        b: [bucket, { BucketName: { $text: "${a.BucketName}-b" } }],
      })
      const resources = round.resources.map((one) => (one.label === "a" ? { ...one, dependsOn: ["b"] } : one))
      assert.strictEqual(
        (yield* Effect.flip(agent.apply({ ...round, resources }))).message,
        "resources.0: these resources need each other in a circle: a, b",
      )
      assert.isFalse(existsSync(file), "the cloud was called")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is refused by the plan where what it refers to exists without the value", () =>
    Effect.gen(function* () {
      const { apply, plan } = yield* makeShop
      const plain: Resources = { note: [secret, { Name: "note", SecretString: "x" }] }
      yield* apply(plain)
      const error = yield* Effect.flip(
        plan({
          ...plain,
          b: [bucket, { BucketName: "b-bucket", Tags: [{ Key: "k", Value: { $text: "${note.Description}" } }] }],
        }),
      )
      assert.strictEqual(
        error.message,
        "resources.1.properties.Tags.0.Value: note has no Description, so there is nothing to refer to; set it in the document, or refer to another property",
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what is probably a mistake", () => {
  it.effect("is a warning with what was meant, and is applied as it is written", () => {
    const told: Array<string> = []
    const keep = Logger.layer([Logger.make(({ message }) => void told.push(String(message)))])
    return Effect.gen(function* () {
      const { apply, resources } = yield* makeShop
      const written: Resources = {
        assets: [
          bucket,
          {
            BucketName: "assets",
            Tags: [{ Key: "k", Value: "${assets.Arn} ${aws:username} ${nobody.Arn} $${assets.Arn}" }],
          },
        ],
        note: [
          secret,
          { Name: "note", SecretString: "${target.cloud.accountId}", Description: "${aws:username} ${x}" },
        ],
      }
      yield* apply(written)
      assert.deepEqual((yield* resources).find(({ type }) => type === bucket)?.properties["Tags"], [
        { Key: "k", Value: "${assets.Arn} ${aws:username} ${nobody.Arn} $${assets.Arn}" },
      ])
      assert.deepEqual(told, [
        'resources[0].properties.Tags[0].Value: ${assets.Arn} stays as it is written, because it is not in a $text; if its value is meant, write { $text: "...${assets.Arn}..." }.',
        'resources[1].properties.SecretString: ${target.cloud.accountId} stays as it is written, because it is not in a $text; if its value is meant, write { $text: "...${target.cloud.accountId}..." }.',
      ])
    }).pipe(Effect.provide(layerAgent()), Effect.provide(keep))
  })

  it.effect("is a warning of the plan where a reference has a value only if the provider chooses one", () => {
    const told: Array<string> = []
    const keep = Logger.layer([Logger.make(({ message }) => void told.push(String(message)))])
    return Effect.gen(function* () {
      const { plan } = yield* makeShop
      yield* plan({
        note: [secret, { Name: "note", SecretString: "x" }],
        assets: [
          bucket,
          {
            BucketName: "assets",
            Tags: [{ Key: "k", Value: { $text: "${note.Description}${note.Arn}${note.Name}" } }],
          },
        ],
      })
      assert.deepEqual(told, [
        "resources[1].properties.Tags[0].Value: the document does not set Description of note, so this has a value only if the provider chooses one; otherwise the change will fail. Set it, or refer to another property.",
      ])
    }).pipe(Effect.provide(layerAgent()), Effect.provide(keep))
  })
})

describe("dependsOn", () => {
  const two: Resources = {
    b: [bucket, { BucketName: "b-bucket" }],
    a: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  }
  const dependent = (target: Parameters<typeof formaOf>[1], resources: Resources, label: string, on: string) => {
    const forma = formaOf("shop", target, resources)
    return {
      ...forma,
      resources: forma.resources.map((one) => (one.label === label ? { ...one, dependsOn: [on] } : one)),
    }
  }

  it.effect("orders creates, and deletes the other way round, also once the document is gone", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { target, writes } = yield* makeShop
      yield* agent.apply(dependent(target(), two, "b", "a"))
      assert.deepEqual(yield* writes, ["create EC2::VPC", "create S3::Bucket"])
      const [, row] = yield* (yield* Inventory).list()
      assert.deepEqual([row?.label, row?.dependsOn], ["b", ["a"]])
      // Only what depends changes: the order is that of now.
      yield* agent.apply(dependent(target(), two, "a", "b"))
      yield* agent.destroy("shop")
      assert.deepEqual((yield* writes).slice(2), ["delete EC2::VPC", "delete S3::Bucket"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("skips what depends on a failure, and refuses labels that do not exist", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { target } = yield* makeShop
      const refused = { operation: "create", label: "a", when: "before", action: "error", code: "AccessDenied" }
      const result = yield* agent.apply(dependent(target({ faults: [refused] }), two, "b", "a"))
      assert.deepEqual(outcomes(result), ["b create: DependencyFailure", "a create: AccessDenied"])
      assert.strictEqual(
        (yield* Effect.flip(agent.apply(dependent(target(), without(two, "a"), "b", "bb")))).message,
        "resources.0.dependsOn.0: there is no resource with the label bb to depend on; did you mean b?",
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})
