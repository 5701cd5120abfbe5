/** The rate limit counts each request of the SDK, and not each call of a handler. */
import { assert, describe, it } from "@effect/vitest"
import { makeLocalOperator } from "formae/plugin"
import { defaultOperatorSettings, NativeId, Operation, OperationId, ResourceType } from "formae/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { faultProxy, forwardTo, type ServiceAnswer } from "../emulators/faultProxy.ts"
import { moto, needsMoto } from "../emulators/moto.ts"

const turnOfLoop = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

/** The operator of the plugin in front of a service, with a rate of one request a second, and when requests arrive. */
const makeLimited = Effect.fnUntraced(function* (emulator: Emulator) {
  const clock = yield* Clock.Clock
  const arrived = yield* Queue.unbounded<number>()
  const forward = forwardTo(emulator)
  const { endpoint } = yield* faultProxy((call) =>
    Effect.andThen(
      Effect.suspend(() => Queue.offer(arrived, clock.currentTimeMillisUnsafe())),
      forward(call),
    ),
  )
  const operator = yield* makeLocalOperator(plugin, {
    settings: { ...defaultOperatorSettings, rateLimit: { perSecond: 1, burst: 1 } },
  })
  const subject = (operationId: string, type: string, label: string) => ({
    operationId: OperationId.make(operationId),
    resourceType: ResourceType.make(type),
    targetConfig: { region: "eu-central-1", endpoint },
    label,
  })
  return {
    arrived,
    create: (type: string, label: string, properties: Record<string, string>) =>
      operator.perform(
        Operation.cases.Create.make({ ...subject(`create-${label}`, type, label), properties }),
        () => Effect.void,
      ),
    read: (type: string, nativeId: string) =>
      operator.perform(
        Operation.cases.Read.make({
          ...subject(`read-${nativeId}`, type, "it"),
          nativeId: NativeId.make(nativeId),
        }),
        () => Effect.void,
      ),
  }
})

/** Lets almost a second pass after each request, so that one that does not wait for its turn arrives within it. */
const untilEnd = Effect.fnUntraced(function* <A, E>(arrived: Queue.Queue<number>, all: Effect.Effect<A, E>) {
  const times: Array<number> = []
  const fiber = yield* Effect.forkChild(all, { startImmediately: true })
  const next = Effect.raceFirst(
    Effect.map(Queue.take(arrived), (at) => void times.push(at)),
    Effect.asVoid(Fiber.await(fiber)),
  )
  while (fiber.pollUnsafe() === undefined) {
    yield* next
    yield* TestClock.adjust("999 millis")
    for (let turn = 0; turn < 50; turn++) yield* turnOfLoop
    yield* TestClock.adjust("1 millis")
  }
  times.push(...(yield* Queue.clear(arrived)))
  return { times, result: yield* Fiber.join(fiber) }
})

describe("with moto", needsMoto, () => {
  it.live("requests to a target are no faster than its rate, whatever the operations that make them", () =>
    Effect.gen(function* () {
      const emulator = yield* moto
      const { times, result } = yield* Effect.gen(function* () {
        const { arrived, create, read } = yield* makeLimited(emulator)
        const made = Effect.all(
          [
            create("AWS::SQS::Queue", "orders", { QueueName: "orders" }),
            create("AWS::SSM::Parameter", "one", { Name: "/one", Type: "String", Value: "1" }),
            create("AWS::SSM::Parameter", "two", { Name: "/two", Type: "String", Value: "2" }),
            create("AWS::SNS::Topic", "news", { TopicName: "news" }),
          ],
          { concurrency: "unbounded" },
        )
        const readBack = Effect.all([read("AWS::SSM::Parameter", "/one"), read("AWS::SSM::Parameter", "/two")], {
          concurrency: "unbounded",
        })
        return yield* untilEnd(
          arrived,
          Effect.flatMap(made, (first) => Effect.map(readBack, (second) => [...first, ...second])),
        )
      }).pipe(Effect.provide(TestClock.layer()))
      assert.deepEqual(
        result.map(({ status }) => status),
        Array.from({ length: 6 }, () => "Succeeded"),
      )
      // Several requests make one queue, and one of them reads both parameters.
      assert.isAbove(times.length, 6)
      for (const [index, at] of times.entries()) assert.isAtLeast(at - (times[index - 1] ?? -1_000), 1_000)
    }),
  )
})

describe("a service that asks to wait", () => {
  const answers = {
    ssm: {
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1", "retry-after": "7" },
      body: '{"__type":"ThrottlingException","message":"Rate exceeded"}',
    },
    s3: {
      status: 503,
      headers: { "content-type": "application/xml", "retry-after": "3" },
      body: "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
    },
    lambda: {
      status: 429,
      headers: {
        "content-type": "application/json",
        "x-amzn-errortype": "TooManyRequestsException",
        "retry-after": "2",
      },
      body: '{"message":"Rate exceeded"}',
    },
  } satisfies Readonly<Record<string, ServiceAnswer>>

  it.live.each([
    ["AWS::SSM::Parameter", answers.ssm, 7_000],
    ["AWS::S3::Bucket", answers.s3, 3_000],
    ["AWS::Lambda::Function", answers.lambda, 2_000],
  ] as const)("is a Throttling with that time: %s", ([type, answer, retryAfterMillis]) =>
    Effect.gen(function* () {
      const { endpoint } = yield* faultProxy(() => Effect.succeed(answer))
      const operator = yield* makeLocalOperator(plugin, {
        settings: { ...defaultOperatorSettings, retry: { maxRetries: 0, baseMillis: 1, capMillis: 1 } },
      })
      const ended = yield* operator.perform(
        Operation.cases.Read.make({
          operationId: OperationId.make("op"),
          resourceType: ResourceType.make(type),
          targetConfig: { region: "eu-central-1", endpoint },
          label: "it",
          nativeId: NativeId.make("it"),
        }),
        () => Effect.void,
      )
      assert.strictEqual(ended.status, "Failed")
      if (ended.status === "Failed") {
        assert.deepEqual([ended.failure.code, ended.failure.retryAfterMillis], ["Throttling", retryAfterMillis])
      }
    }),
  )
})
