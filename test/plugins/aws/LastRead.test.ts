/** What updates send where the agent has read the resource before them. */
import { assert, describe, it } from "@effect/vitest"
import type { PatchOperation } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"

const tags = [
  { Key: "old", Value: "1" },
  { Key: "stays", Value: "1" },
]
const wanted = [
  { Key: "new", Value: "2" },
  { Key: "stays", Value: "1" },
]
const retagging: ReadonlyArray<PatchOperation> = [
  { op: "remove", path: "/Tags/0" },
  { op: "add", path: "/Tags/0", value: { Key: "new", Value: "2" } },
]
const settings: ReadonlyArray<PatchOperation> = [{ op: "replace", path: "/DelaySeconds", value: 5 }]

/** Fakes that note what they are sent, and answer with nothing. */
const noting = (sent: Array<unknown>, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(names.map((name) => [name, (input: unknown) => (sent.push([name, input]), {})]))

describe("a change of tags", () => {
  it.effect("of a queue reads nothing, and answers with what was read and the new tags", () => {
    const sent: Array<unknown> = []
    const desired = { QueueName: "q", Tags: wanted }
    const read = { QueueName: "q", DelaySeconds: 0, Tags: tags, Arn: "arn:q", QueueUrl: "url" }
    return Effect.gen(function* () {
      const answer = yield* operationsOf("AWS::SQS::Queue").update("url", desired, retagging, read)
      assert.deepEqual(sent, [
        ["untagQueue", { QueueUrl: "url", TagKeys: ["old"] }],
        ["tagQueue", { QueueUrl: "url", Tags: { new: "2" } }],
      ])
      assert.deepInclude(answer, { _tag: "Succeeded", properties: { ...read, Tags: wanted } })
    }).pipe(Effect.provide(layerFake({ sqs: noting(sent, "untagQueue", "tagQueue") })))
  })

  it.effect.each([
    ["AWS::Logs::LogGroup", "logs", { LogGroupName: "g" }, "arn:g:*", "resourceArn", "arn:g"],
    ["AWS::DynamoDB::Table", "dynamodb", { TableName: "table" }, "arn:t", "ResourceArn", "arn:t"],
  ] as const)("of %s names it by its ARN", ([type, service, properties, Arn, field, sentArn]) => {
    const sent: Array<unknown> = []
    const key = {
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }
    const desired = { ...properties, ...(service === "dynamodb" && key), Tags: wanted }
    return Effect.gen(function* () {
      const read = { ...properties, Arn, Tags: tags }
      const answer = yield* operationsOf(type).update("it", desired, retagging, read)
      assert.deepInclude(answer, { _tag: "Succeeded", properties: { ...read, Tags: wanted } })
      assert.lengthOf(sent, 2)
      assert.isTrue(sent.every((one) => JSON.stringify(one).includes(`"${field}":"${sentArn}"`)))
    }).pipe(Effect.provide(layerFake({ [service]: noting(sent, "untagResource", "tagResource") })))
  })

  it.effect("of a bucket keeps the hidden tags, which only the bucket can tell", () => {
    const sent: Array<unknown> = []
    const hidden = { Key: "formae:operation-id", Value: "op-0" }
    const s3 = { getBucketTagging: () => ({ TagSet: [...tags, hidden] }), ...noting(sent, "putBucketTagging") }
    return Effect.gen(function* () {
      const read = { BucketName: "bucket", Tags: tags }
      const desired = { BucketName: "bucket", Tags: wanted }
      const answer = yield* operationsOf("AWS::S3::Bucket").update("bucket", desired, retagging, read)
      assert.deepEqual(sent, [["putBucketTagging", { Bucket: "bucket", Tagging: { TagSet: [hidden, ...wanted] } }]])
      assert.deepInclude(answer, { properties: { BucketName: "bucket", Tags: wanted } })
    }).pipe(Effect.provide(layerFake({ s3 })))
  })

  it.effect("reads by itself where the agent does not say which tags there are", () => {
    const sent: Array<unknown> = []
    const sqs = {
      getQueueAttributes: () => ({ Attributes: {} }),
      listQueueTags: () => ({ Tags: { old: "1" } }),
      ...noting(sent, "untagQueue"),
    }
    return Effect.gen(function* () {
      yield* operationsOf("AWS::SQS::Queue").update("url", { QueueName: "q" }, [{ op: "remove", path: "/Tags" }], {})
      assert.deepEqual(sent, [["untagQueue", { QueueUrl: "url", TagKeys: ["old"] }]])
    }).pipe(Effect.provide(layerFake({ sqs })))
  })
})

describe("a change of settings", () => {
  it.effect("of a queue is described once, afterwards, without a look at its tags", () => {
    const sent: Array<unknown> = []
    const sqs = {
      ...noting(sent, "setQueueAttributes"),
      getQueueAttributes: () => (sent.push("described"), { Attributes: { QueueArn: "arn:q", DelaySeconds: "5" } }),
    }
    return Effect.gen(function* () {
      const desired = { QueueName: "q", DelaySeconds: 5, Tags: tags }
      const answer = yield* operationsOf("AWS::SQS::Queue").update("url", desired, settings, { Tags: tags })
      assert.deepEqual(sent, [
        ["setQueueAttributes", { QueueUrl: "url", Attributes: { DelaySeconds: "5" } }],
        "described",
      ])
      assert.deepInclude(answer, {
        properties: { QueueName: "q", FifoQueue: false, DelaySeconds: 5, Tags: tags, Arn: "arn:q", QueueUrl: "url" },
      })
    }).pipe(Effect.provide(layerFake({ sqs })))
  })

  it.effect("makes no parameter that was deleted meanwhile", () => {
    const sent: Array<unknown> = []
    const ssm = { describeParameters: () => ({ Parameters: [] }), ...noting(sent, "putParameter") }
    return Effect.gen(function* () {
      const desired = { Name: "p", Type: "String", Value: "new" }
      const { code } = yield* Effect.flip(
        operationsOf("AWS::SSM::Parameter").update("p", desired, undefined, { Tags: [] }),
      )
      assert.strictEqual(code, "NotFound")
      assert.deepEqual(sent, [])
    }).pipe(Effect.provide(layerFake({ ssm })))
  })

  it.effect("makes no policy of a bucket that was deleted meanwhile", () => {
    const sent: Array<unknown> = []
    const s3 = {
      getBucketPolicy: () => {
        throw serviceError("NoSuchBucketPolicy")
      },
      ...noting(sent, "putBucketPolicy"),
    }
    return Effect.gen(function* () {
      const desired = { Bucket: "bucket", PolicyDocument: { Version: "2012-10-17", Statement: [] } }
      const { code } = yield* Effect.flip(operationsOf("AWS::S3::BucketPolicy").update("bucket", desired))
      assert.strictEqual(code, "NotFound")
      assert.deepEqual(sent, [])
    }).pipe(Effect.provide(layerFake({ s3 })))
  })
})
