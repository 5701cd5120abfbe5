import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const allowing = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
})

const policy: Lifecycle = {
  type: "AWS::IAM::ManagedPolicy",
  wanted: (name) =>
    Effect.succeed({
      ManagedPolicyName: `shop-${name}`,
      Path: "/shop/",
      Description: "What the shop may do",
      PolicyDocument: allowing("s3:GetObject"),
    }),
  outputs: ({ PolicyId = "" }, PolicyArn) => {
    assert.match(PolicyArn, /^arn:aws:iam::\d+:policy\/shop\/shop-/)
    assert.match(String(PolicyId), /^A\w+$/)
    return { PolicyArn, PolicyId }
  },
  change: { to: { PolicyDocument: allowing("s3:PutObject") } },
  isForeign: (arn) => arn.startsWith("arn:aws:iam::aws:"),
}

onMoto("AWS::IAM::ManagedPolicy on moto", (it) => {
  lifecycle(it, policy)
  recovery(it, policy)
  notTakenOver(it, policy)

  it.effect("with an invalid document is an invalid request", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::IAM::ManagedPolicy", yield* AwsEmulator)
      const wrong = { ManagedPolicyName: "wrong", PolicyDocument: { Statement: "none" } }
      assert.strictEqual((yield* Effect.flip(calls.create(wrong))).code, "InvalidRequest")
    }),
  )

  it.effect("can be changed more often than IAM keeps versions", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::IAM::ManagedPolicy", yield* AwsEmulator)
      const properties = { ManagedPolicyName: "often", PolicyDocument: allowing("s3:GetObject") }
      const { nativeId } = yield* calls.create(properties)
      for (const action of ["a", "b", "c", "d", "e", "f", "g"]) {
        const document = allowing(`s3:${action}`)
        const updated = yield* calls.update(nativeId, { ...properties, PolicyDocument: document })
        assert.deepStrictEqual(updated.properties.PolicyDocument, document)
      }
      yield* calls.delete(nativeId)
    }),
  )
})
