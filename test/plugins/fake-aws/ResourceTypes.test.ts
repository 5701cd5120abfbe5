import { assert, describe, it } from "@effect/vitest"
import { NativeId, type Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { callsOf, expectSucceeded, makeFakeCloud } from "./FakeCloud.ts"

interface Sample {
  readonly type: string
  readonly given: Properties
  readonly changed?: Properties
  /** Changes of create-only properties. */
  readonly createOnly: Properties
  readonly output: string
  readonly nativeId: RegExp
  readonly hidden?: ReadonlyArray<string>
}

const Tags = [{ Key: "team", Value: "shop" }]

const samples: ReadonlyArray<Sample> = [
  {
    type: "FakeAWS::S3::Bucket",
    given: { BucketName: "shop-pictures" },
    changed: { VersioningConfiguration: { Status: "Enabled" }, Tags },
    createOnly: { BucketName: "other-pictures" },
    output: "Arn",
    nativeId: /^shop-pictures$/,
  },
  {
    type: "FakeAWS::EC2::VPC",
    given: { CidrBlock: "10.0.0.0/16", Tags },
    changed: { EnableDnsSupport: true, EnableDnsHostnames: true, Tags: [] },
    createOnly: { CidrBlock: "10.1.0.0/16" },
    output: "VpcId",
    nativeId: /^vpc-[0-9a-f]{17}$/,
  },
  {
    type: "FakeAWS::EC2::Instance",
    given: { ImageId: "ami-0abc", InstanceType: "t3.micro" },
    changed: { InstanceType: "m7g.large", Tags },
    createOnly: { ImageId: "ami-0def" },
    output: "InstanceId",
    nativeId: /^i-[0-9a-f]{17}$/,
  },
  {
    type: "FakeAWS::SecretsManager::Secret",
    given: { Name: "database", SecretString: "correct horse" },
    changed: { SecretString: "battery staple", Description: "of the shop", Tags },
    createOnly: { Name: "queue" },
    output: "Arn",
    nativeId: /^arn:aws:secretsmanager:eu-west-1:\d{12}:secret:database-[0-9a-f]{6}$/,
    hidden: ["SecretString"],
  },
  {
    type: "FakeAWS::Legacy::Widget",
    given: { Model: "W-1", Size: 3 },
    changed: { Size: 4, Tags },
    createOnly: { Model: "W-2" },
    output: "WidgetId",
    nativeId: /^widget-[0-9a-f]{17}$/,
  },
]

const without = (properties: Properties, hidden: ReadonlyArray<string> = []): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.includes(name)))

describe("a resource of FakeAWS", () => {
  it.effect.each(samples)("$type: is created, read, updated, listed and deleted", (sample) =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const calls = callsOf(sample.type, cloud.target())

      const created = yield* Effect.flatMap(calls.create(sample.given), expectSucceeded)
      assert.match(created.nativeId, sample.nativeId)
      assert.include(String(created.properties[sample.output]), created.nativeId)
      assert.deepEqual(without(created.properties, [sample.output]), without(sample.given, sample.hidden))
      assert.deepEqual(yield* calls.read(created.nativeId), created.properties)

      const desired = { ...sample.given, ...sample.changed }
      const updated = yield* Effect.flatMap(calls.update(created.nativeId, desired), expectSucceeded)
      assert.deepEqual(without(updated.properties, [sample.output]), without(desired, sample.hidden))
      assert.strictEqual(updated.properties[sample.output], created.properties[sample.output])
      assert.deepEqual(yield* calls.read(created.nativeId), updated.properties)

      const replacing = yield* Effect.flip(calls.update(created.nativeId, { ...desired, ...sample.createOnly }))
      assert.strictEqual(replacing.code, "NotUpdatable")

      assert.deepEqual(yield* calls.list(), { nativeIds: [created.nativeId] })
      yield* calls.delete(created.nativeId)
      assert.deepEqual(yield* calls.list(), { nativeIds: [] })
      assert.strictEqual((yield* Effect.flip(calls.read(created.nativeId))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(calls.update(created.nativeId, desired))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(calls.delete(created.nativeId))).code, "NotFound")
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("FakeAWS::EC2::VPCCidrBlock: belongs to a VPC, which cannot be deleted before it", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const vpcs = callsOf("FakeAWS::EC2::VPC", cloud.target())
      const blocks = callsOf("FakeAWS::EC2::VPCCidrBlock", cloud.target())

      const early = yield* Effect.flip(blocks.create({ VpcId: "vpc-0", CidrBlock: "10.1.0.0/16" }))
      assert.strictEqual(early.code, "NotFound")

      const vpc = yield* Effect.flatMap(vpcs.create({ CidrBlock: "10.0.0.0/16" }), expectSucceeded)
      const given = { VpcId: vpc.nativeId, CidrBlock: "10.1.0.0/16" }
      const block = yield* Effect.flatMap(blocks.create(given), expectSucceeded)
      assert.deepEqual(yield* blocks.read(block.nativeId), { ...given, Id: block.nativeId })
      assert.deepEqual(yield* blocks.list(), { nativeIds: [block.nativeId] })

      assert.strictEqual((yield* Effect.flip(vpcs.delete(vpc.nativeId))).code, "ResourceConflict")
      yield* blocks.delete(block.nativeId)
      yield* vpcs.delete(vpc.nativeId)
      assert.deepEqual(yield* cloud.resources, [])
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("is listed page by page", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target())
      const names = ["bucket-a", "bucket-b", "bucket-c", "bucket-d"].map((name) => NativeId.make(name))
      for (const BucketName of names) yield* buckets.create({ BucketName }, BucketName)
      yield* callsOf("FakeAWS::Legacy::Widget", cloud.target()).create({ Model: "W-1" })

      assert.deepEqual(yield* buckets.list({ pageSize: 3 }), {
        nativeIds: names.slice(0, 3),
        nextPageToken: "after:bucket-c",
      })
      assert.deepEqual(yield* buckets.list({ pageSize: 3, pageToken: "after:bucket-c" }), { nativeIds: names.slice(3) })
      assert.deepEqual(yield* buckets.list({ pageSize: 4 }), { nativeIds: names })
      assert.strictEqual((yield* Effect.flip(buckets.list({ pageToken: "bucket-c" }))).code, "InvalidRequest")
    }).pipe(Effect.provide(plugin.layer)),
  )
})

describe("the properties of FakeAWS", () => {
  it.effect.each([
    ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0" }, "CidrBlock"],
    ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.256/16" }, "CidrBlock"],
    ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/8" }, "CidrBlock"],
    ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16", Color: "red" }, "Color"],
    ["FakeAWS::S3::Bucket", { BucketName: "Not Lower Case" }, "BucketName"],
    ["FakeAWS::Legacy::Widget", { Model: "W-1", Size: 0 }, "Size"],
  ] as const)("of %s cannot be %o", ([type, properties, culprit]) =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const refused = yield* Effect.flip(callsOf(type, cloud.target()).create(properties))
      assert.strictEqual(refused.code, "InvalidRequest")
      assert.include(refused.message, culprit)
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("that are secret are in the cloud and nowhere else", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const secrets = callsOf("FakeAWS::SecretsManager::Secret", cloud.target())
      const created = yield* Effect.flatMap(
        secrets.create({ Name: "database", SecretString: "correct horse" }),
        expectSucceeded,
      )
      const seen = [created, yield* secrets.read(created.nativeId), yield* secrets.list(), yield* cloud.calls]
      assert.notInclude(JSON.stringify(seen), "correct horse")
      const [kept] = yield* cloud.resources
      assert.strictEqual(kept?.properties["SecretString"], "correct horse")

      const refused = yield* Effect.flip(secrets.create({ Name: "database", SecretString: "battery staple" }, "op-2"))
      assert.strictEqual(refused.code, "AlreadyExists")
      assert.notInclude(refused.message, "battery staple")
    }).pipe(Effect.provide(plugin.layer)),
  )

  it("have traits from which the agent can plan", () => {
    const traits = [...plugin.types.values()].map(({ capabilities, update }) => {
      const having = (trait: "required" | "createOnly" | "writeOnly" | "opaque" | "output") =>
        Object.keys(capabilities.properties).filter((name) => capabilities.properties[name]?.[trait])
      return [
        capabilities.type,
        capabilities.idempotency,
        having("required"),
        having("createOnly"),
        [...having("writeOnly"), ...having("opaque")],
        having("output"),
        update !== undefined,
      ]
    })
    assert.deepEqual(traits, [
      ["FakeAWS::S3::Bucket", "name", ["BucketName"], ["BucketName"], [], ["Arn"], true],
      ["FakeAWS::EC2::VPC", "token", ["CidrBlock"], ["CidrBlock"], [], ["VpcId"], true],
      ["FakeAWS::EC2::VPCCidrBlock", "token", ["VpcId", "CidrBlock"], ["VpcId", "CidrBlock"], [], ["Id"], false],
      ["FakeAWS::EC2::Instance", "tag", ["ImageId", "InstanceType"], ["ImageId"], [], ["InstanceId"], true],
      [
        "FakeAWS::SecretsManager::Secret",
        "token",
        ["Name", "SecretString"],
        ["Name"],
        ["SecretString", "SecretString"],
        ["Arn"],
        true,
      ],
      ["FakeAWS::Legacy::Widget", "none", ["Model"], ["Model"], [], ["WidgetId"], true],
    ])
  })
})
