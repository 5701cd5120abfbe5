/** P3: a plugin whose answers have larger properties than an answer may have says which resource it is. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Answer, definePlugin, defineResource, Property, Recovered } from "../../src/plugin/index.ts"
import { ResourceType } from "../../src/protocol/Identity.ts"
import { create, read } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"

const properties = { Text: "x".repeat(5_000_000) }

const plugin = definePlugin({
  name: "large",
  namespace: "Large",
  version: "1.0.0",
  types: [
    defineResource({
      type: "Large::Of::Things",
      idempotency: "name",
      target: Schema.Struct({}),
      properties: Schema.Struct({ Text: Property.output(Schema.String) }),
      create: ({ label }) =>
        Effect.succeed(
          label === "slow"
            ? Answer.inProgress({ requestId: "work", nativeId: "n" })
            : Answer.succeeded({ nativeId: "n", properties }),
        ),
      status: () => Effect.succeed(Answer.succeeded({ nativeId: "n", properties })),
      read: () => Effect.succeed(properties),
      delete: () => Effect.succeed(Answer.deleted("n")),
      recover: () => Effect.succeed(Recovered.done({ nativeId: "n", properties })),
    }),
  ],
})

const on = <A extends { readonly resourceType: ResourceType }>(operation: A) => ({
  ...operation,
  resourceType: ResourceType.make("Large::Of::Things"),
  targetConfig: {},
})

const message =
  "The resource exists, but its properties cannot be returned: they have more than 4194304 characters. Make them smaller at the provider, or delete the resource"
const failed = { status: "Failed", failure: { code: "UnforeseenError", message }, nativeId: "n" }

describe("P3: properties that are larger than an answer may have", () => {
  it.effect("are a failure with the native id, so that the agent keeps the resource", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      assert.deepEqual<unknown>(yield* client.Create(on(create("Now", {}))), { ...failed, attempts: 1 })
      assert.deepEqual<unknown>(yield* client.Read(on(read("Now", "n"))), { ...failed, attempts: 1 })
      assert.deepEqual<unknown>(yield* client.Recover(on(create("Now", {}))), {
        status: "Unknown",
        message: `${message}. Its native id is n`,
      })
    }),
  )

  it.effect("are one at the end of work that was watched too", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const begun = on({ ...create("Now", {}), label: "slow" })
      assert.deepInclude(yield* client.Create(begun), { status: "InProgress" })
      const watching = yield* Effect.forkChild(Stream.runCollect(client.Watch({ operationId: begun.operationId })), {
        startImmediately: true,
      })
      yield* TestClock.adjust("1 minute")
      assert.deepEqual<unknown>([...(yield* Fiber.join(watching))], [{ ...failed, attempts: 1 }])
    }),
  )
})
