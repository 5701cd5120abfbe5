import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { Answer, definePlugin, defineResource, inProcess, ProviderError } from "../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
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
        { path: ["resources", 0], message: "policy refers to itself; take that out, or name another resource" },
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
        "resources.0: these resources need each other in a circle: a, b; take one of these out, so that one resource can be the first",
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

describe("a fact of a target", () => {
  const told = (fact: string): Resources => ({
    note: [secret, { Name: "note", SecretString: "x", Description: { $text: `in \${target.cloud.${fact}}` } }],
  })

  it.effect("is put into text, and is one of those that its plugin knows", () =>
    Effect.gen(function* () {
      const { apply, resources } = yield* makeShop
      assert.deepEqual(changesOf(yield* apply(told("accountId"))), ["note create"])
      assert.deepEqual(changesOf(yield* apply(told("accountId"))), [])
      assert.deepEqual(changesOf(yield* apply(told("region"))), ["note update"])
      assert.strictEqual((yield* resources)[0]?.properties["Description"], "in eu-west-1")
      assert.strictEqual(
        (yield* Effect.flip(apply(told("acountId")))).message,
        "resources.0.properties.Description: the target cloud has no fact acountId; did you mean accountId?",
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  const asked: Array<unknown> = []
  const About = defineResource({
    type: "About::Of::Place",
    idempotency: "name",
    target: Schema.Struct({ at: Schema.String }),
    properties: Schema.Struct({ Name: Schema.String, Where: Schema.optionalKey(Schema.String) }),
    create: ({ properties }) => Effect.succeed(Answer.succeeded({ nativeId: properties.Name, properties })),
    read: () => Effect.fail(ProviderError.of("NotFound", "gone")),
    delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
    identify: ({ properties, target: { at } }) => {
      asked.push(properties)
      if (at === "refused") return Effect.fail(ProviderError.of("AccessDenied", "not for you"))
      return Effect.succeed(at === "silent" ? {} : { facts: { planet: at } })
    },
  })
  const about = inProcess(definePlugin({ name: "about", namespace: "About", version: "1.0.0", types: [About] }))
  const forma = (at: string): Forma => ({
    name: "about",
    targets: { it: { namespace: Namespace.make("About"), config: { at } } },
    resources: ["a", "b"].map((Name) => ({
      label: Name,
      type: ResourceType.make("About::Of::Place"),
      target: "it",
      properties: { Name, Where: { $text: "${target.it.planet}!" } },
    })),
  })

  it.effect("is asked for once, and refused in words where the plugin or the provider does not say", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      assert.deepEqual(changesOf(yield* agent.plan(forma("mars"))), ["a create", "b create"])
      assert.lengthOf(
        asked.filter((properties) => Object.keys(Object(properties)).length === 0),
        1,
      )
      const refused = (at: string) =>
        Effect.map(Effect.flip(agent.plan(forma(at))), ({ message }) => message.split("\n")[0])
      assert.deepEqual(
        [yield* refused("silent"), yield* refused("refused")],
        [
          "resources.0.properties.Where: the plugin of About does not say what it knows of its targets; write the value itself, or use a parameter",
          "resources.0.properties.Where: the target it cannot be asked for its planet: not for you. Write the value itself, or use a parameter",
        ],
      )
    }).pipe(Effect.provide(layerAgent([about]))),
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
          // A part of a password may look like a value of the document.
          { Name: "note", SecretString: "${assets.hunter2}", Description: "${target.cloud.accountId} ${x}" },
        ],
      }
      yield* apply(written)
      assert.deepEqual((yield* resources).find(({ type }) => type === bucket)?.properties["Tags"], [
        { Key: "k", Value: "${assets.Arn} ${aws:username} ${nobody.Arn} $${assets.Arn}" },
      ])
      assert.deepEqual(told, [
        'resources[0].properties.Tags[0].Value: ${assets.Arn} stays as it is written, because it is not in a $text; if its value is meant, write { $text: "...${assets.Arn}..." }.',
        'resources[1].properties.Description: ${target.cloud.accountId} stays as it is written, because it is not in a $text; if its value is meant, write { $text: "...${target.cloud.accountId}..." }.',
      ])
    }).pipe(Effect.provide([layerAgent(), keep]))
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
    }).pipe(Effect.provide([layerAgent(), keep]))
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
