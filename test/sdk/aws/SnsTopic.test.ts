import { assert, describe, layer } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { fauxqs } from "../emulators/fauxqs.ts"
import { needsMoto } from "../emulators/moto.ts"
import { AwsEmulator, emulated, emulatedByMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, recovery } from "./lifecycle.ts"

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

const suite = (name: string, on: typeof emulatedByMoto) =>
  layer(on, { excludeTestServices: true })(name, (it) => {
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

    it.effect("is not taken over from another operation", () =>
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

    it.effect("is listed", () =>
      Effect.gen(function* () {
        const topic = callsOf("AWS::SNS::Topic", yield* AwsEmulator)
        const names = ["list-a", "list-b"]
        yield* Effect.forEach(names, (TopicName) => topic.create({ TopicName }))
        assert.includeMembers(
          (yield* topic.list(1)).map((arn) => arn.split(":").at(-1)),
          names,
        )
      }),
    )
  })

suite("AWS::SNS::Topic on fauxqs", emulated(fauxqs))
describe("with moto", needsMoto, () => suite("AWS::SNS::Topic on moto", emulatedByMoto))

layer(emulated(fauxqs), { excludeTestServices: true })("AWS::SNS::Topic, wanted by two operations at once", (it) => {
  it.effect("is created by one of them", () =>
    Effect.gen(function* () {
      const topic = callsOf("AWS::SNS::Topic", yield* AwsEmulator)
      const attempts = yield* Effect.forEach(
        ["op-a", "op-b"],
        (operationId) => Effect.result(topic.create({ TopicName: "wanted" }, operationId)),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(attempts.filter(Result.isSuccess), 1)
      const [refused] = Arr.getFailures(attempts)
      assert.strictEqual(refused?.code, "AlreadyExists")
    }),
  )
})
