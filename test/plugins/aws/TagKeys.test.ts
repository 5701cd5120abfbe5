/** The key of the tag by which formae finds what it has created, as the settings give it. */
import { assert, describe, it } from "@effect/vitest"
import { NativeId, type Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import { TagKeys } from "../../../plugins/aws/src/TagKeys.ts"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"
import { makeVpcs } from "./FakeVpcs.ts"

const layerOf = (tags: Properties) => Layer.fresh(plugin.layerOf(Redacted.make({ tags })))

/** The plugin with these settings, and with fake clients. */
const under =
  (tags: Properties, answers: Parameters<typeof layerFake>[0]) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.provide(effect, Layer.merge(layerOf(tags), layerFake(answers)))

describe("the key in the settings", () => {
  it.effect.each([
    [{ prefix: "acme:" }, ["acme:formae:operation-id", "formae:operation-id"]],
    [{ name: "Operation Id" }, ["Operation Id", "formae:operation-id"]],
    [{ prefix: "acme/", name: "op", earlier: ["old"] }, ["acme/op", "formae:operation-id", "old"]],
    [{ earlier: ["acme/op"] }, ["formae:operation-id", "acme/op"]],
    [{}, ["formae:operation-id"]],
  ] as const)("%j leads to %j", ([tags, known]) =>
    Effect.gen(function* () {
      const keys = yield* Effect.provide(TagKeys, layerOf(tags))
      assert.deepStrictEqual(keys, { current: known[0], known })
    }),
  )

  it.effect.each([
    { prefix: "aws:" },
    { name: "AWS:operation" },
    { name: "" },
    { name: "x".repeat(129) },
    { prefix: " acme:" },
    { name: "of what?" },
    { earlier: ["*"] },
  ])("%j is refused in the handshake", (tags) =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(Effect.provide(TagKeys, layerOf(tags)))
      assert.strictEqual(
        refused.message,
        "The settings of the plugin aws are wrong: tags: Expected a tag key of at most 128 letters, digits, spaces and + - = . _ : / @, without spaces around it, that does not begin with aws:",
      )
    }),
  )

  it.effect("that is called something else than a prefix, a name or earlier keys is refused by its place", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(Effect.provide(TagKeys, layerOf({ suffix: "acme" })))
      assert.include(refused.message, "The settings of the plugin aws are wrong: tags.suffix: there is no such field")
    }),
  )
})

/** Settings before and after a change. */
const changes: ReadonlyArray<readonly [before: Properties, after: Properties]> = [
  [{}, { prefix: "acme:" }],
  [{}, { name: "CreatedBy" }],
  [{ prefix: "acme:" }, { earlier: ["acme:formae:operation-id"] }],
  [{ name: "CreatedBy" }, { prefix: "acme:", earlier: ["CreatedBy"] }],
]

const answerLost = () => {
  throw serviceError("TimeoutError")
}

const team = { Key: "team", Value: "orders" }

describe("a create that is cut off", () => {
  it.effect.each(changes)("under the setting %j is found under %j, and is no drift", ([before, after]) => {
    const { create, read, recover, update } = operationsOf("AWS::EC2::VPC")
    const { ec2, removed, vpcs } = makeVpcs(answerLost)
    const wanted = { CidrBlock: "10.0.0.0/16", Tags: [team] }
    return Effect.gen(function* () {
      const lost = yield* Effect.flip(under(before, { ec2 })(create(wanted)))
      assert.notProperty(lost, "nativeId")
      const { continued, drift, recovered } = yield* Effect.all({
        recovered: recover(wanted),
        continued: create(wanted),
        drift: Effect.map(read("vpc-1"), ({ Tags }) => Tags),
      }).pipe(under(after, { ec2 }))
      assert.deepInclude(recovered, { status: "Done", nativeId: NativeId.make("vpc-1") })
      assert.deepInclude(continued, { _tag: "Succeeded", nativeId: NativeId.make("vpc-1") })
      assert.lengthOf(vpcs, 1)
      assert.deepStrictEqual(drift, [team])
      // Nor does an update of the user's tags touch it.
      const patch = [{ op: "remove", path: "/Tags" }] as const
      yield* under(after, { ec2 })(update("vpc-1", { CidrBlock: "10.0.0.0/16" }, patch))
      assert.deepStrictEqual(removed, [{ Resources: ["vpc-1"], Tags: [{ Key: "team" }] }])
    })
  })

  it.effect("is found by its key although the user has put a tag under another one", () => {
    const { create, recover } = operationsOf("AWS::EC2::VPC")
    const { ec2, vpcs } = makeVpcs(answerLost)
    const wanted = { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "Name", Value: "net" }] }
    return Effect.gen(function* () {
      yield* Effect.flip(under({}, { ec2 })(create(wanted)))
      const recovered = yield* under({ name: "Name" }, { ec2 })(recover({ CidrBlock: "10.0.0.0/16" }))
      assert.deepInclude(recovered, { status: "Done", nativeId: NativeId.make("vpc-1") })
      assert.lengthOf(vpcs, 1)
    })
  })

  it.effect("is sent again with the same tags where the service knows it by its token", () => {
    const { create } = operationsOf("AWS::DSQL::Cluster")
    const sent: Array<unknown> = []
    const cluster = { identifier: "abc", arn: "arn:abc", status: "CREATING" }
    const dsql = { createCluster: (input: unknown) => (sent.push(input), cluster), getCluster: () => cluster }
    return Effect.gen(function* () {
      yield* under({}, { dsql })(create({ Tags: [team] }))
      yield* under({ prefix: "acme:" }, { dsql })(create({ Tags: [team] }))
      assert.deepStrictEqual(sent[1], sent[0])
    })
  })
})

describe("a tag under a key of the settings", () => {
  const refusal =
    "Tags: CreatedBy is a key under which formae writes its operation ids, by the settings of the plugin aws: give the tag another key"
  const bucket = { BucketName: "pictures", Tags: [{ Key: "CreatedBy", Value: "me" }] }
  const table = { TableName: "orders", AttributeDefinitions: [], KeySchema: [], Tags: bucket.Tags }

  it.effect.each([
    ["AWS::S3::Bucket", "pictures", bucket],
    ["AWS::DynamoDB::Table", "orders", table],
  ] as const)("is refused in a document: %s", ([type, nativeId, wanted]) =>
    Effect.gen(function* () {
      const { create, update } = operationsOf(type)
      const created = yield* Effect.flip(under({ name: "CreatedBy" }, {})(create(wanted)))
      assert.deepInclude(created, { code: "InvalidRequest", message: refusal })
      const patch = [{ op: "add", path: "/Tags", value: wanted.Tags }] as const
      const updated = yield* Effect.flip(under({ name: "CreatedBy" }, {})(update(nativeId, wanted, patch)))
      assert.deepInclude(updated, { code: "InvalidRequest", message: refusal })
    }),
  )

  it.effect("stays where a service takes all tags at once", () => {
    const all = ["formae:operation-id", "old", "CreatedBy"].map((Key) => ({ Key, Value: "op-a" }))
    const put: Array<unknown> = []
    const s3 = {
      getBucketTagging: () => ({ TagSet: [team, ...all] }),
      putBucketTagging: (input: unknown) => (put.push(input), {}),
    }
    const { update } = operationsOf("AWS::S3::Bucket")
    return Effect.gen(function* () {
      const patch = [{ op: "replace", path: "/Tags/0/Value", value: "shop" }] as const
      const desired = { BucketName: "pictures", Tags: [{ Key: "team", Value: "shop" }] }
      const last = { BucketName: "pictures", Tags: [team] }
      const answer = yield* under(
        { name: "CreatedBy", earlier: ["old"] },
        { s3 },
      )(update("pictures", desired, patch, last))
      assert.deepStrictEqual(put, [{ Bucket: "pictures", Tagging: { TagSet: [...all, ...desired.Tags] } }])
      assert.deepInclude(answer, { _tag: "Succeeded", properties: desired })
    })
  })
})
