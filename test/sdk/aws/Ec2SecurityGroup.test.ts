import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, recovery } from "./lifecycle.ts"

const vpcId = Effect.gen(function* () {
  const calls = callsOf("AWS::EC2::VPC", yield* AwsEmulator)
  return (yield* calls.create({ CidrBlock: "10.7.0.0/16" }, "op-vpc")).nativeId
})

const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "10.0.0.0/8", Description: "from inside" }
const everything = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" }

const group: Lifecycle = {
  type: "AWS::EC2::SecurityGroup",
  isNamed: false,
  wanted: (name) =>
    Effect.map(vpcId, (VpcId) => ({
      GroupName: `front-${name}`,
      GroupDescription: "What reaches the shop",
      VpcId,
      SecurityGroupIngress: [https],
      SecurityGroupEgress: [{ IpProtocol: "udp", FromPort: 53, ToPort: 53, CidrIp: "10.0.0.2/32" }],
      Tags: [
        { Key: "Name", Value: "front" },
        { Key: "team", Value: "orders" },
      ],
    })),
  outputs: (_, GroupId) => {
    assert.match(GroupId, /^sg-\w+$/)
    return { GroupId }
  },
  change: {
    to: {
      SecurityGroupIngress: [{ ...https, FromPort: 80, ToPort: 80 }],
      Tags: [{ Key: "team", Value: "shipping" }],
    },
    without: ["SecurityGroupEgress"],
    read: { SecurityGroupEgress: [everything] },
  },
  limitations: { pages: "moto returns all security groups in one page" },
}

onMoto("AWS::EC2::SecurityGroup on moto", (it) => {
  lifecycle(it, group)
  recovery(it, group)

  it.effect("that is the default of a VPC is not listed", () =>
    Effect.gen(function* () {
      const emulator = yield* AwsEmulator
      const ec2 = (yield* AwsClients).ec2({ region: "eu-central-1", endpoint: emulator.endpoint })
      const { SecurityGroups } = yield* ec2((client, options) => client.describeSecurityGroups({}, options))
      assert.isNotEmpty(SecurityGroups)
      assert.deepStrictEqual(yield* callsOf("AWS::EC2::SecurityGroup", emulator).list(1000), [])
    }),
  )

  it.effect("allows another group in, and by default everything out", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::EC2::SecurityGroup", yield* AwsEmulator)
      const VpcId = yield* vpcId
      const front = yield* calls.create({ GroupName: "front", GroupDescription: "front", VpcId }, "op-front")
      const rule = { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: front.nativeId }
      const back = yield* calls.create(
        { GroupName: "back", GroupDescription: "back", VpcId, SecurityGroupIngress: [rule] },
        "op-back",
      )
      assert.deepStrictEqual(back.properties.SecurityGroupIngress, [rule])
      assert.deepStrictEqual(back.properties.SecurityGroupEgress, [everything])
    }),
  )

  it.effect("is refused with the name of another group in its VPC, or with a rule for two peers", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::EC2::SecurityGroup", yield* AwsEmulator)
      const properties = { GroupName: "taken", GroupDescription: "taken", VpcId: yield* vpcId }
      yield* calls.create(properties, "op-a")
      assert.strictEqual((yield* Effect.flip(calls.create(properties, "op-b"))).code, "AlreadyExists")
      const wrong = { ...properties, SecurityGroupIngress: [{ ...https, CidrIpv6: "::/0" }] }
      assert.strictEqual((yield* Effect.flip(calls.create(wrong, "op-c"))).code, "InvalidRequest")
    }),
  )
})
