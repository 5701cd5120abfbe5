import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, recovery } from "./lifecycle.ts"

/** A VPC for one subnet. */
const vpcId = (name: string) =>
  Effect.gen(function* () {
    const calls = callsOf("AWS::EC2::VPC", yield* AwsEmulator)
    return (yield* calls.create({ CidrBlock: "10.7.0.0/16" }, `op-vpc-${name}`)).nativeId
  })

const subnet: Lifecycle = {
  type: "AWS::EC2::Subnet",
  isNamed: false,
  wanted: (name) =>
    Effect.map(vpcId(name), (VpcId) => ({
      VpcId,
      CidrBlock: "10.7.1.0/24",
      AvailabilityZone: "eu-central-1b",
      MapPublicIpOnLaunch: true,
      Tags: [
        { Key: "Name", Value: "front" },
        { Key: "team", Value: "orders" },
      ],
    })),
  outputs: (_, SubnetId) => {
    assert.match(SubnetId, /^subnet-\w+$/)
    return { SubnetId }
  },
  change: { to: { MapPublicIpOnLaunch: false, Tags: [{ Key: "team", Value: "shipping" }] } },
  limitations: { pages: "moto returns all subnets in one page" },
}

onMoto("AWS::EC2::Subnet on moto", (it) => {
  lifecycle(it, subnet)
  recovery(it, subnet)

  it.effect("that AWS creates for each zone is not listed", () =>
    Effect.gen(function* () {
      const emulator = yield* AwsEmulator
      const ec2 = (yield* AwsClients).ec2({ region: "eu-central-1", endpoint: emulator.endpoint })
      const { Subnets } = yield* ec2((client, options) => client.describeSubnets({}, options))
      assert.isNotEmpty(Subnets)
      assert.deepStrictEqual(yield* callsOf("AWS::EC2::Subnet", emulator).list(1000), [])
    }),
  )

  it.effect("is refused in a missing VPC, or with addresses that are taken", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::EC2::Subnet", yield* AwsEmulator)
      const missing = { VpcId: "vpc-01234567", CidrBlock: "10.7.1.0/24" }
      assert.strictEqual((yield* Effect.flip(calls.create(missing))).code, "NotFound")
      const properties = { VpcId: yield* vpcId("taken"), CidrBlock: "10.7.1.0/24" }
      yield* calls.create(properties, "op-a")
      assert.strictEqual((yield* Effect.flip(calls.create(properties, "op-b"))).code, "InvalidRequest")
    }),
  )
})
