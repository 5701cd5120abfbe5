import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, recovery } from "./lifecycle.ts"

const vpc: Lifecycle = {
  type: "AWS::EC2::VPC",
  isNamed: false,
  wanted: () =>
    Effect.succeed({
      CidrBlock: "10.7.0.0/16",
      InstanceTenancy: "default",
      EnableDnsSupport: true,
      EnableDnsHostnames: true,
      Tags: [
        { Key: "Name", Value: "net" },
        { Key: "team", Value: "orders" },
      ],
    }),
  outputs: (_, VpcId) => {
    assert.match(VpcId, /^vpc-\w+$/)
    return { VpcId }
  },
  change: { to: { EnableDnsHostnames: false, EnableDnsSupport: false, Tags: [{ Key: "team", Value: "shipping" }] } },
  limitations: { pages: "moto returns all VPCs in one page" },
}

onMoto("AWS::EC2::VPC on moto", (it) => {
  lifecycle(it, vpc)
  recovery(it, vpc)

  it.effect("that AWS creates for each region is not listed", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* callsOf("AWS::EC2::VPC", yield* AwsEmulator).list(1000), [])
    }),
  )

  it.effect("reports its native id before it is configured, and another one for another operation", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::EC2::VPC", yield* AwsEmulator)
      const properties = { CidrBlock: "10.8.0.0/16", EnableDnsHostnames: true }
      const begun = yield* calls.beginCreate(properties, "op-a")
      assert.strictEqual(begun._tag, "InProgress")
      assert.match(String(begun.nativeId), /^vpc-/)
      assert.strictEqual((yield* calls.beginCreate(properties, "op-a")).nativeId, begun.nativeId)
      assert.notStrictEqual((yield* calls.beginCreate(properties, "op-b")).nativeId, begun.nativeId)
      assert.strictEqual((yield* calls.pollToEnd(begun)).properties.EnableDnsHostnames, true)
    }),
  )

  it.effect("with an invalid address range is an invalid request", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::EC2::VPC", yield* AwsEmulator)
      assert.strictEqual((yield* Effect.flip(calls.create({ CidrBlock: "10.0.0.0/8" }))).code, "InvalidRequest")
    }),
  )
})
