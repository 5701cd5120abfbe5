import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const logGroup: Lifecycle = {
  type: "AWS::Logs::LogGroup",
  wanted: (name) =>
    Effect.succeed({
      LogGroupName: `/shop/${name}`,
      RetentionInDays: 7,
      Tags: [
        { Key: "cost", Value: "shop" },
        { Key: "team", Value: "orders" },
      ],
    }),
  outputs: ({ Arn = "" }, name) => {
    assert.match(String(Arn), /^arn:aws:logs:eu-central-1:\d+:log-group:\/shop\//)
    assert.include(String(Arn), name)
    return { Arn }
  },
  change: { to: { RetentionInDays: 30, Tags: [{ Key: "team", Value: "shipping" }] } },
}

onMoto("AWS::Logs::LogGroup on moto", (it) => {
  lifecycle(it, logGroup)
  recovery(it, logGroup)
  notTakenOver(it, logGroup)

  it.effect("keeps its events for ever if no retention is wanted any more", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::Logs::LogGroup", yield* AwsEmulator)
      const begun = yield* calls.beginCreate({ LogGroupName: "audit", RetentionInDays: 7 })
      assert.strictEqual(begun.nativeId, "audit", "reported before the retention is set")
      yield* calls.pollToEnd(begun)
      const patch = [{ op: "remove" as const, path: "/RetentionInDays" }]
      const updated = yield* calls.update("audit", { LogGroupName: "audit" }, patch)
      assert.isUndefined(updated.properties.RetentionInDays)
      const refused = yield* Effect.flip(calls.update("missing", { LogGroupName: "missing", RetentionInDays: 1 }))
      assert.strictEqual(refused.code, "NotFound")
    }),
  )
})
