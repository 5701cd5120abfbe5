import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fauxqs } from "../emulators/fauxqs.ts"
import { AwsEmulator, type AwsTests, onEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle } from "./lifecycle.ts"

const subscription: Lifecycle = {
  type: "AWS::SNS::Subscription",
  wanted: (name) =>
    Effect.gen(function* () {
      const emulator = yield* AwsEmulator
      const topic = yield* callsOf("AWS::SNS::Topic", emulator).create({ TopicName: `news-${name}` }, `op-${name}`)
      const queue = yield* callsOf("AWS::SQS::Queue", emulator).create({ QueueName: `news-${name}` }, `op-${name}`)
      return {
        TopicArn: topic.nativeId,
        Protocol: "sqs",
        Endpoint: queue.properties.Arn ?? "",
        RawMessageDelivery: true,
        FilterPolicy: { kind: ["order", "refund"] },
        FilterPolicyScope: "MessageAttributes",
      }
    }),
  outputs: ({ TopicArn = "" }, Arn) => {
    assert.isTrue(Arn.startsWith(`${String(TopicArn)}:`))
    return { Arn }
  },
  change: {
    to: { FilterPolicy: { kind: ["order"] } },
    without: ["RawMessageDelivery"],
    read: { RawMessageDelivery: false },
  },
}

const tests: AwsTests = (it) => {
  lifecycle(it, subscription)

  it.effect("is not taken over if its attributes differ", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SNS::Subscription", yield* AwsEmulator)
      const wanted = yield* subscription.wanted("taken")
      const first = yield* calls.create(wanted, "op-a")
      const other = { ...wanted, FilterPolicy: { kind: ["refund"] } }
      assert.strictEqual((yield* Effect.flip(calls.create(other, "op-b"))).code, "AlreadyExists")
      assert.deepStrictEqual(yield* calls.read(first.nativeId), first.properties)
    }),
  )

  it.effect("is certain to be missing, but not who created it", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SNS::Subscription", yield* AwsEmulator)
      const wanted = yield* subscription.wanted("recover")
      assert.deepStrictEqual(yield* calls.recover(wanted, "op-a"), { status: "NotStarted" })
      yield* calls.create(wanted, "op-a")
      assert.strictEqual((yield* calls.recover(wanted, "op-a")).status, "Unknown")
    }),
  )

  it.effect("is its own although the scope of a filter that it does not have is not kept", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SNS::Subscription", yield* AwsEmulator)
      const { FilterPolicy: _policy, ...rest } = yield* subscription.wanted("scope")
      const wanted = { ...rest, FilterPolicyScope: "MessageBody" }
      const { nativeId } = yield* calls.create(wanted, "op-a")
      assert.strictEqual((yield* calls.create(wanted, "op-a")).nativeId, nativeId)
    }),
  )

  it.effect("sends everything again if no filter is wanted any more", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SNS::Subscription", yield* AwsEmulator)
      const { FilterPolicy: _policy, FilterPolicyScope: _scope, ...wanted } = yield* subscription.wanted("all")
      const { nativeId } = yield* calls.create({ ...wanted, FilterPolicy: { kind: ["order"] } })
      const updated = yield* calls.update(nativeId, wanted, [{ op: "remove", path: "/FilterPolicy" }])
      assert.isUndefined(updated.properties.FilterPolicy)
    }),
  )
}

onEmulator(fauxqs, "AWS::SNS::Subscription on fauxqs", tests)
onMoto("AWS::SNS::Subscription on moto", tests)
