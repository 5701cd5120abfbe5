import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import * as TestClock from "effect/testing/TestClock"
import { deleted, inProgress, succeeded } from "../../../src/plugin/Answer.ts"
import { defineResource } from "../../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../../src/plugin/ResourcePlugin.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { InProgress } from "../../../src/protocol/Progress.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { create, list, makeObserver, read, remove, unobserved } from "../../operator/operations.ts"
import { overMemory } from "../../operator/overMemory.ts"
import { accepted, makeScripted } from "../../plugin/scripted.ts"
import { failure, handWrittenOperator } from "../supervision/handWrittenOperator.ts"
import { success } from "../supervision/handWritten.ts"
import { makeSupervised, untilIdle } from "../supervision/supervised.ts"

const pluginOf = (handlers: { readonly create?: Effect.Effect<void>; readonly read?: () => Properties }) =>
  definePlugin({
    name: "suite",
    namespace: "Suite",
    version: "1.0.0",
    types: [
      defineResource({
        type: "Suite::Now::Thing",
        idempotency: "name",
        target: Schema.Struct({ region: Schema.String }),
        properties: Schema.Struct({}),
        create: () => Effect.as(handlers.create ?? Effect.void, succeeded({ nativeId: "n", properties: {} })),
        read: () => Effect.sync(() => handlers.read?.() ?? {}),
        delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
      }),
    ],
  })

describe("a remote operator", () => {
  it.effect("has no more operations under way than it may, and the others wait for their turn", () =>
    Effect.gen(function* () {
      const started = yield* Queue.unbounded<void>()
      const gate = yield* Queue.unbounded<void>()
      const waits = Effect.andThen(Queue.offer(started, undefined), Queue.take(gate))
      const { client, operator } = yield* overMemory(pluginOf({ create: waits }), 3)
      const all = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: 5 }), () => operator.perform(create("Now", {}), unobserved), {
          concurrency: "unbounded",
        }),
      )
      for (let running = 0; running < 3; running++) yield* Queue.take(started)
      // A call that goes past the operator is the receipt that no fourth one is on its way.
      yield* client.Read(read("Now", "n"))
      assert.strictEqual(yield* Queue.size(started), 0)
      yield* Queue.offer(gate, undefined)
      yield* Queue.take(started)
      yield* client.Read(read("Now", "n"))
      assert.strictEqual(yield* Queue.size(started), 0)
      yield* Effect.forEach(Array.from({ length: 4 }), () => Queue.offer(gate, undefined))
      assert.lengthOf(yield* Fiber.join(all), 5)
    }),
  )

  it.effect("an observer that takes its time holds up its own operation, and no other", () =>
    Effect.gen(function* () {
      let polls = 0
      const { plugin } = yield* makeScripted({
        create: accepted,
        status: [Effect.sync(() => inProgress({ requestId: `r-${++polls}` }))],
        poll: { baseMillis: 1, factor: 1, capMillis: 1 },
      })
      const { operator } = yield* overMemory(plugin)
      const { observe, seen } = makeObserver()
      const slowly = (progress: InProgress) =>
        Effect.andThen(observe(progress), seen.length === 1 ? Effect.never : Effect.void)
      const slow = yield* Effect.forkChild(operator.perform(create("Now", {}), slowly))
      yield* Effect.repeat(TestClock.adjust("1 millis"), { until: () => polls >= 30 })
      assert.strictEqual((yield* operator.perform(read("Now", "n"), unobserved)).status, "Succeeded")
      assert.lengthOf(seen, 2)
      yield* Fiber.interrupt(slow)
    }),
  )

  it.effect("reports a call that the plugin gives up as lost, and does not look interrupted itself", () =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) => [failure(request, { _tag: "Interrupt", fiberId: 1 })])
      const calls = yield* Effect.forkChild(
        Effect.all([
          Effect.flip(operator.perform(create("Now", {}), unobserved)),
          Effect.flip(operator.list(list("Now"))),
        ]),
      )
      // Each waits a moment for an end of the plugin that would say more.
      yield* Effect.repeat(TestClock.adjust("250 millis"), { until: () => calls.pollUnsafe() !== undefined })
      for (const error of yield* Fiber.join(calls)) {
        assert.strictEqual(error._tag, "ConnectionLost")
        assert.include(error.message, "the call was interrupted")
      }
    }),
  )

  it.effect.each<[string, (request: RequestEncoded) => string, string]>([
    [
      "an unknown call",
      (request) => failure(request, { _tag: "Die", defect: "Unknown request tag: Create" }),
      "OperationNotSupported",
    ],
    ["a defect", (request) => failure(request, { _tag: "Die", defect: "out of luck" }), "ProtocolError"],
    ["an answer of some other kind", (request) => success(request, { status: "Done" }), "ProtocolError"],
    [
      "an error of some other kind",
      (request) => failure(request, { _tag: "Fail", error: { _tag: "Oops" } }),
      "ProtocolError",
    ],
    ["a defect of the whole connection", () => `{"_tag":"Defect","defect":"out of luck"}`, "ProtocolError"],
  ])("takes %s for a typed failure of this call", ([, answer, tag]) =>
    Effect.gen(function* () {
      let broken = true
      const operator = yield* handWrittenOperator((request) => [
        broken
          ? answer(request)
          : success(request, { status: "Succeeded", attempts: 1, nativeId: "n", properties: {} }),
      ])
      assert.strictEqual((yield* Effect.flip(operator.perform(create("Now", {}), unobserved)))._tag, tag)
      broken = false
      assert.strictEqual((yield* operator.perform(create("Now", {}), unobserved)).status, "Succeeded")
    }),
  )

  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels)

  it.effect.each<[string, (request: RequestEncoded) => string, string]>([
    ["without a cause", (request) => failure(request), "exit.cause: is empty"],
    ["without an exit", ({ id }) => `{"_tag":"Exit","requestId":${id},"exit":null}`, "exit: is not an object"],
    [
      "of an unknown kind",
      ({ id }) => `{"_tag":"Exit","requestId":${id},"exit":{"_tag":"Perhaps"}}`,
      "exit._tag: is neither Success nor Failure",
    ],
    [
      "with an id of the wrong kind",
      ({ id }) => `{"_tag":"Exit","requestId":"${id}","exit":{"_tag":"Success","value":null}}`,
      "requestId: is a string, and that of the request is a number",
    ],
    [
      "with a defect that cannot be made text",
      (request) => failure(request, { _tag: "Die", defect: { toString: 1 } }),
      `{"toString":1}`,
    ],
    [
      "with a defect that is nested 20,000 deep",
      ({ id }) =>
        `{"_tag":"Exit","requestId":${id},"exit":{"_tag":"Failure","cause":[{"_tag":"Die","defect":${deep(20_000)}}]}}`,
      "the frame is nested more than 256 levels deep",
    ],
    [
      "with properties that are nested 5,000 deep",
      ({ id }) =>
        `{"_tag":"Exit","requestId":${id},"exit":{"_tag":"Success","value":{"status":"Succeeded","attempts":1,"nativeId":"n","properties":{"a":${deep(5_000)}}}}}`,
      "the frame is nested more than 256 levels deep",
    ],
    [
      "without a native id",
      (request) => success(request, { status: "Succeeded", attempts: 1, properties: {} }),
      "nativeId: is missing",
    ],
    [
      "with a native id of 70,000 characters",
      (request) => success(request, { status: "Succeeded", attempts: 1, nativeId: "n".repeat(70_000), properties: {} }),
      "nativeId: has 70000 characters, and may have 65536",
    ],
    [
      "with a native id that has a NUL",
      (request) => success(request, { status: "Succeeded", attempts: 1, nativeId: "n\0", properties: {} }),
      "nativeId: has a NUL",
    ],
    [
      "with properties of 5 MB",
      (request) =>
        success(request, { status: "Succeeded", attempts: 1, nativeId: "n", properties: { a: "x".repeat(5_000_000) } }),
      "properties: has more than 4194304 characters",
    ],
  ])("P1: an answer %s is a ProtocolError of its call, at once", ([, answer, problem]) =>
    Effect.gen(function* () {
      let broken = true
      const operator = yield* handWrittenOperator((request) => [
        broken
          ? answer(request)
          : success(request, { status: "Succeeded", attempts: 1, nativeId: "n", properties: {} }),
      ])
      for (const operation of [create("Now", {}), read("Now", "n"), remove("Now", "n")]) {
        const error = yield* Effect.flip(operator.perform(operation, unobserved))
        assert.strictEqual(error._tag, "ProtocolError")
        assert.include(error.message, problem)
        assert.match(error.message, new RegExp(`^${operation._tag}: `))
      }
      broken = false
      assert.strictEqual((yield* operator.perform(create("Now", {}), unobserved)).status, "Succeeded")
    }),
  )

  const chunk = ({ id }: RequestEncoded, values: ReadonlyArray<unknown>) =>
    JSON.stringify({ _tag: "Chunk", requestId: id, values })
  const done = (nativeId: string) => ({ status: "Succeeded", attempts: 1, nativeId, properties: {} })
  const working = (attempts: number) => ({ status: "InProgress", attempts, requestId: "r" })

  it.effect("P1: cuts a message of a million characters, and says how long it was", () =>
    Effect.gen(function* () {
      const message = "x".repeat(1_000_000)
      const failed = { status: "Failed", attempts: 1, failure: { code: "AccessDenied", message } }
      const operator = yield* handWrittenOperator((request) => [
        request.tag === "Read"
          ? failure(request, { _tag: "Fail", error: { _tag: "ProtocolError", message } })
          : success(request, failed),
      ])
      const cut = `${"x".repeat(8_192)}… (1000000 characters)`
      const ended = yield* operator.perform(create("Now", {}), unobserved)
      assert.strictEqual(ended.status === "Failed" && ended.failure.message, cut)
      assert.strictEqual((yield* Effect.flip(operator.perform(read("Now", "n"), unobserved))).message, cut)
    }),
  )

  it.effect("P1: of two finished values in one chunk, counts the first, and logs the second", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const operator = yield* handWrittenOperator((request) =>
        request.tag === "Watch"
          ? [chunk(request, [working(1), done("first"), working(2), done("second")]), success(request, null)]
          : [success(request, working(0))],
      )
      const { observe, seen } = makeObserver()
      const ended = yield* operator
        .perform(create("Now", {}), observe)
        .pipe(Effect.provide(Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))])))
      assert.deepNestedInclude(ended, { nativeId: NativeId.make("first") })
      assert.deepEqual(
        seen.map(({ attempts }) => attempts),
        [0, 1],
      )
      assert.lengthOf(logged, 1)
      assert.include(logged[0], "Create: 2 values came after the finished one, which counts")
    }),
  )

  it.effect("P1: passes on no more than the last of 100,000 values that wait for their observer", () =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) => {
        if (request.tag !== "Watch") return [success(request, working(0))]
        const chunks = Array.from({ length: 100 }, (_, index) =>
          chunk(
            request,
            Array.from({ length: 1_000 }, (__, value) => working(index * 1_000 + value + 1)),
          ),
        )
        return [...chunks, chunk(request, [done("n")]), success(request, null)]
      })
      const gate = yield* Latch.make()
      const { observe, seen } = makeObserver()
      const slowly = (progress: InProgress) =>
        Effect.andThen(observe(progress), progress.attempts === 0 ? Effect.void : gate.await)
      const call = yield* Effect.forkChild(operator.perform(create("Now", {}), slowly), { startImmediately: true })
      yield* Effect.repeat(Effect.yieldNow, { until: () => seen.length > 1 })
      yield* untilIdle
      yield* gate.open
      assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
      assert.isBelow(seen.length, 5_000)
      assert.strictEqual(seen.at(-1)?.attempts, 100_000)
    }),
  )

  it.effect("P1: refuses at once what is nested deeper than a frame may be, or has more values, and continues", () =>
    Effect.gen(function* () {
      const operator = yield* (yield* makeSupervised()).operator()
      const tooDeep = "is nested more than 256 levels deep"
      for (const [name, excess] of [
        [JSON.parse(deep(300)), tooDeep],
        [JSON.parse(deep(3_000)), tooDeep],
        [JSON.parse(deep(20_000)), tooDeep],
        [Array.from({ length: 300_000 }, () => 0), "has more than 262144 values"],
      ]) {
        const error = yield* Effect.flip(operator.perform(create("Now", { Name: name }), unobserved))
        assert.strictEqual(error._tag, "OperationNotSupported")
        assert.strictEqual(error.message, `Create: The request ${excess}, which a frame may not`)
      }
      assert.strictEqual((yield* operator.perform(create("Now", { Name: "a" }), unobserved)).status, "Succeeded")
    }),
  )

  it.effect("refuses at once what is larger than a frame may be, and continues", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      const operator = yield* supervised.operator()
      const large = create("Now", { Name: "x".repeat(17 * 1024 * 1024) })
      const error = yield* Effect.flip(operator.perform(large, unobserved))
      assert.strictEqual(error._tag, "OperationNotSupported")
      assert.strictEqual(error.message, "Create: The request is larger than a frame may be (16777216 bytes)")
      assert.strictEqual((yield* operator.perform(create("Now", { Name: "a" }), unobserved)).status, "Succeeded")
    }),
  )

  it.effect("takes progress that ends before the operation for a fault of the plugin", () =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) =>
        request.tag === "Watch"
          ? [success(request, null)]
          : [success(request, { status: "InProgress", attempts: 1, requestId: "r" })],
      )
      const { observe, seen } = makeObserver()
      const error = yield* Effect.flip(operator.perform(create("Now", {}), observe))
      assert.deepEqual(
        [error._tag, error.message],
        ["ProtocolError", "The progress of the operation ended before it did"],
      )
      assert.lengthOf(seen, 1)
    }),
  )

  it.effect("shows no value of an answer that is not in the protocol", () =>
    Effect.gen(function* () {
      const secret = "hunter2"
      // A provider's SDK that returns dates and byte arrays beside what is secret.
      const state: Record<string, unknown> = {
        Password: secret,
        Nested: { Token: Buffer.from(secret), At: new Date(0) },
      }
      const { operator } = yield* overMemory(pluginOf({ read: () => state as Properties }))
      const error = yield* Effect.flip(operator.perform(read("Now", "n"), unobserved))
      assert.strictEqual(error._tag, "ProtocolError")
      assert.notInclude(error.message, secret)
      const byHand = yield* handWrittenOperator((request) => [
        success(request, { status: "Succeeded", attempts: secret, nativeId: 7, properties: secret }),
      ])
      assert.notInclude((yield* Effect.flip(byHand.perform(read("Now", "n"), unobserved))).message, secret)
    }),
  )
})
