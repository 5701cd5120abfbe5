import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const parameter: Lifecycle = {
  type: "AWS::SSM::Parameter",
  wanted: (name) =>
    Effect.succeed({
      Name: `/shop/${name}`,
      Type: "SecureString",
      Value: "hunter2",
      Description: "The key to the shop",
      DataType: "text",
      Tier: "Standard",
      Tags: [
        { Key: "cost", Value: "shop" },
        { Key: "team", Value: "orders" },
      ],
    }),
  unread: ["Value"],
  outputs: () => ({}),
  change: { to: { Value: "hunter2 again", Description: "Another key", Tags: [{ Key: "team", Value: "shipping" }] } },
  secret: "hunter2",
}

onMoto("AWS::SSM::Parameter on moto", (it) => {
  lifecycle(it, parameter)
  recovery(it, parameter)
  notTakenOver(it, parameter)

  it.effect("is listed page by page, of which moto's have ten items", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SSM::Parameter", yield* AwsEmulator)
      const names = Array.from({ length: 12 }, (_, at) => `page-${at}`)
      yield* Effect.forEach(names, (Name) => calls.create({ Name, Type: "String", Value: "it" }, `op-${Name}`))
      assert.includeMembers([...(yield* calls.list(10))], names)
    }),
  )

  it.effect("with a name that AWS reserves is refused, and the message does not contain the value", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::SSM::Parameter", yield* AwsEmulator)
      const wrong = { Name: "/aws/mine", Type: "SecureString", Value: "hunter2" }
      const refused = yield* Effect.flip(calls.create(wrong))
      assert.strictEqual(refused.code, "AccessDenied")
      assert.notInclude(refused.message, "hunter2")
    }),
  )
})
