import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fauxqs } from "../emulators/fauxqs.ts"
import { AwsEmulator, type AwsTests, onEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { createdByOneOfTwo, type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const ledger: Lifecycle = {
  type: "AWS::SQS::Queue",
  wanted: (name) =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
      const dead = yield* calls.create({ QueueName: `dead-${name}.fifo`, FifoQueue: true }, `op-dead-${name}`)
      return {
        QueueName: `ledger-${name}.fifo`,
        FifoQueue: true,
        ContentBasedDeduplication: true,
        DelaySeconds: 0,
        MaximumMessageSize: 2048,
        MessageRetentionPeriod: 3600,
        ReceiveMessageWaitTimeSeconds: 5,
        VisibilityTimeout: 45,
        RedrivePolicy: { deadLetterTargetArn: dead.properties.Arn ?? "", maxReceiveCount: 4 },
        Tags: [
          { Key: "cost", Value: "shop" },
          { Key: "team", Value: "orders" },
        ],
      }
    }),
  outputs: ({ Arn = "" }, QueueUrl) => {
    assert.match(String(Arn), /^arn:aws:sqs:eu-central-1:\d+:ledger-.*\.fifo$/)
    return { Arn, QueueUrl }
  },
  change: {
    to: { ContentBasedDeduplication: false, VisibilityTimeout: 60, Tags: [{ Key: "team", Value: "shipping" }] },
    without: ["RedrivePolicy"],
  },
}

const tests: AwsTests = (it) => {
  lifecycle(it, ledger)
  recovery(it, ledger)
  notTakenOver(it, ledger)

  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const queue = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
      const dead = yield* queue.create({ QueueName: "dead" })
      const properties = {
        QueueName: "orders",
        FifoQueue: false,
        DelaySeconds: 3,
        MaximumMessageSize: 2048,
        MessageRetentionPeriod: 3600,
        ReceiveMessageWaitTimeSeconds: 5,
        VisibilityTimeout: 45,
        RedrivePolicy: { deadLetterTargetArn: String(dead.properties.Arn), maxReceiveCount: 4 },
        Tags: [
          { Key: "cost", Value: "shop" },
          { Key: "team", Value: "orders" },
        ],
      }
      const { nativeId } = yield* queue.create(properties)
      assert.match(nativeId, /^http.*\/orders$/)
      const { Arn, QueueUrl, ...set } = yield* queue.read(nativeId)
      assert.match(String(Arn), /^arn:aws:sqs:eu-central-1:\d+:orders$/)
      assert.strictEqual(QueueUrl, nativeId)
      assert.deepStrictEqual(set, properties)

      const desired = { QueueName: "orders", DelaySeconds: 7, Tags: [{ Key: "team", Value: "shipping" }] }
      const { properties: updated } = yield* queue.update(nativeId, desired, [
        { op: "remove", path: "/VisibilityTimeout" },
        { op: "remove", path: "/RedrivePolicy" },
      ])
      assert.strictEqual(updated.DelaySeconds, 7)
      assert.strictEqual(updated.VisibilityTimeout, 30)
      assert.strictEqual(updated.MaximumMessageSize, 2048)
      assert.strictEqual(updated.RedrivePolicy, undefined)
      assert.deepStrictEqual(updated.Tags, desired.Tags)

      assert.deepStrictEqual((yield* queue.delete(nativeId)).properties, {})
      assert.strictEqual((yield* Effect.flip(queue.read(nativeId))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(queue.delete(nativeId))).code, "NotFound")
    }),
  )

  it.effect("can be a FIFO queue", () =>
    Effect.gen(function* () {
      const queue = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
      const properties = { QueueName: "ledger.fifo", FifoQueue: true, ContentBasedDeduplication: true }
      const created = yield* queue.create(properties)
      assert.containSubset(created.properties, properties)
    }),
  )
}

onEmulator(fauxqs, "AWS::SQS::Queue on fauxqs", tests)
onMoto("AWS::SQS::Queue on moto", tests)

onEmulator(fauxqs, "AWS::SQS::Queue on a fauxqs of its own", (it) => {
  createdByOneOfTwo(it, "AWS::SQS::Queue", { QueueName: "wanted" })
})
