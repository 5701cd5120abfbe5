import { assert, describe, layer } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { fauxqs } from "../emulators/fauxqs.ts"
import { needsMoto } from "../emulators/moto.ts"
import { AwsEmulator, emulated, emulatedByMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, recovery } from "./lifecycle.ts"

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

const suite = (name: string, on: typeof emulatedByMoto) =>
  layer(on, { excludeTestServices: true })(name, (it) => {
    lifecycle(it, ledger)
    recovery(it, ledger)

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

    it.effect("of first in, first out", () =>
      Effect.gen(function* () {
        const queue = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
        const properties = { QueueName: "ledger.fifo", FifoQueue: true, ContentBasedDeduplication: true }
        const created = yield* queue.create(properties)
        assert.containSubset(created.properties, properties)
      }),
    )

    it.effect("is not taken over from another operation", () =>
      Effect.gen(function* () {
        const queue = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
        const first = yield* queue.create({ QueueName: "basket" }, "op-a")
        const repeated = yield* queue.create({ QueueName: "basket" }, "op-a")
        assert.deepStrictEqual(repeated, first)
        const foreign = yield* Effect.flip(queue.create({ QueueName: "basket" }, "op-b"))
        assert.strictEqual(foreign.code, "AlreadyExists")
        assert.deepStrictEqual(yield* queue.read(first.nativeId), first.properties)
      }),
    )

    it.effect("is listed", () =>
      Effect.gen(function* () {
        const queue = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
        const names = ["list-a", "list-b", "list-c"]
        yield* Effect.forEach(names, (QueueName) => queue.create({ QueueName }))
        const listed = yield* queue.list(1)
        assert.includeMembers(
          listed.map((url) => url.split("/").at(-1)),
          names,
        )
      }),
    )
  })

suite("AWS::SQS::Queue on fauxqs", emulated(fauxqs))
describe("with moto", needsMoto, () => suite("AWS::SQS::Queue on moto", emulatedByMoto))

layer(emulated(fauxqs), { excludeTestServices: true })("AWS::SQS::Queue, wanted by two operations at once", (it) => {
  it.effect("is created by one of them", () =>
    Effect.gen(function* () {
      const queue = callsOf("AWS::SQS::Queue", yield* AwsEmulator)
      const attempts = yield* Effect.forEach(
        ["op-a", "op-b"],
        (operationId) => Effect.result(queue.create({ QueueName: "wanted" }, operationId)),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(attempts.filter(Result.isSuccess), 1)
      const [refused] = Arr.getFailures(attempts)
      assert.strictEqual(refused?.code, "AlreadyExists")
    }),
  )
})
