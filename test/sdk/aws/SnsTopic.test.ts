import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fauxqs } from "../emulators/fauxqs.ts"
import { AwsEmulator, type AwsTests, onEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { createdByOneOfTwo, type Lifecycle, lifecycle, recovery } from "./lifecycle.ts"

const news: Lifecycle = {
  type: "AWS::SNS::Topic",
  wanted: (name) =>
    Effect.succeed({ TopicName: `news-${name}`, DisplayName: "News", Tags: [{ Key: "team", Value: "orders" }] }),
  outputs: (_, TopicArn) => {
    assert.match(TopicArn, /^arn:aws:sns:eu-central-1:\d+:news-/)
    return { TopicArn }
  },
  change: { to: { Tags: [{ Key: "team", Value: "shipping" }] }, without: ["DisplayName"] },
}

const tests: AwsTests = (it) => {
  lifecycle(it, news)
  recovery(it, news)

  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const topic = callsOf("AWS::SNS::Topic", yield* AwsEmulator)
      const properties = {
        TopicName: "orders",
        DisplayName: "Orders",
        Tags: [
          { Key: "cost", Value: "shop" },
          { Key: "team", Value: "orders" },
        ],
      }
      const { nativeId } = yield* topic.create(properties)
      assert.match(nativeId, /^arn:aws:sns:eu-central-1:\d+:orders$/)
      assert.deepStrictEqual(yield* topic.read(nativeId), { ...properties, TopicArn: nativeId })

      const desired = { TopicName: "orders", Tags: [{ Key: "team", Value: "shipping" }] }
      const updated = yield* topic.update(nativeId, desired, [{ op: "remove", path: "/DisplayName" }])
      assert.deepStrictEqual(updated.properties, { ...desired, TopicArn: nativeId })

      assert.deepStrictEqual((yield* topic.delete(nativeId)).properties, {})
      assert.strictEqual((yield* Effect.flip(topic.read(nativeId))).code, "NotFound")
    }),
  )

  it.effect("is not taken over from another operation that wants other attributes", () =>
    Effect.gen(function* () {
      const topic = callsOf("AWS::SNS::Topic", yield* AwsEmulator)
      const first = yield* topic.create({ TopicName: "basket" }, "op-a")
      const repeated = yield* topic.create({ TopicName: "basket" }, "op-a")
      assert.deepStrictEqual(repeated, first)
      const foreign = yield* Effect.flip(topic.create({ TopicName: "basket", DisplayName: "Mine" }, "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.deepStrictEqual(yield* topic.read(first.nativeId), first.properties)
    }),
  )
}

onEmulator(fauxqs, "AWS::SNS::Topic on fauxqs", tests)
onMoto("AWS::SNS::Topic on moto", tests)

onEmulator(fauxqs, "AWS::SNS::Topic on a fauxqs of its own", (it) => {
  createdByOneOfTwo(it, "AWS::SNS::Topic", { TopicName: "wanted" })
})
