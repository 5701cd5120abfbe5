/** What updates of single properties send, where a service has rules of its own. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { layerFake, operationsOf } from "./FakeClients.ts"

const remove = (path: string) => ({ op: "remove" as const, path })
const replace = (path: string, value: string | number) => ({ op: "replace" as const, path, value })

describe("the update of a VPC", () => {
  const vpc = (sent: Array<unknown>) =>
    layerFake({
      ec2: {
        describeVpcs: () => ({ Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16", State: "available" }] }),
        describeVpcAttribute: () => ({}),
        modifyVpcTenancy: (input: unknown) => (sent.push(input), {}),
        modifyVpcAttribute: (input: unknown) => (sent.push(input), {}),
      },
    })
  const { update } = operationsOf("AWS::EC2::VPC")

  it.effect.each([
    [{ CidrBlock: "10.0.0.0/16", InstanceTenancy: "default" }, [replace("/InstanceTenancy", "default")]],
    [{ CidrBlock: "10.0.0.0/16" }, [remove("/InstanceTenancy")]],
  ] as const)("takes it from dedicated to default tenancy: %j", ([desired, patch]) => {
    const sent: Array<unknown> = []
    return Effect.gen(function* () {
      yield* update("vpc-1", desired, patch)
      assert.deepEqual(sent, [{ VpcId: "vpc-1", InstanceTenancy: "default" }])
    }).pipe(Effect.provide(vpc(sent)))
  })

  it.effect("sends nothing for what the patch does not mention", () => {
    const sent: Array<unknown> = []
    return Effect.gen(function* () {
      yield* update("vpc-1", { CidrBlock: "10.0.0.0/16", InstanceTenancy: "default", EnableDnsSupport: true }, [])
      assert.deepEqual(sent, [])
    }).pipe(Effect.provide(vpc(sent)))
  })
})

describe("the update of a role", () => {
  const role = { RoleName: "r", Arn: "arn:role", Description: "What it does", MaxSessionDuration: 7200 }
  const document = { Version: "2012-10-17", Statement: [] }

  it.effect("keeps its description when its session gets longer", () => {
    const sent: Array<unknown> = []
    const iam = {
      getRole: () => ({ Role: { ...role, AssumeRolePolicyDocument: JSON.stringify(document) } }),
      listAttachedRolePolicies: () => ({}),
      listRolePolicies: () => ({}),
      updateRole: (input: unknown) => (sent.push(input), {}),
    }
    const desired = { RoleName: "r", AssumeRolePolicyDocument: document, MaxSessionDuration: 3600 }
    return Effect.gen(function* () {
      const { update } = operationsOf("AWS::IAM::Role")
      yield* update("r", desired, [])
      assert.deepEqual(sent, [])
      yield* update("r", desired, [replace("/MaxSessionDuration", 3600)])
      assert.deepEqual(sent, [{ RoleName: "r", Description: "What it does", MaxSessionDuration: 3600 }])
    }).pipe(Effect.provide(layerFake({ iam })))
  })
})

describe("what a service cannot reset", () => {
  it.effect.each([
    [{ BillingMode: "PROVISIONED" }, [remove("/ProvisionedThroughput")]],
    [{}, [remove("/ProvisionedThroughput")]],
    [{}, [remove("/ProvisionedThroughput"), remove("/BillingMode")]],
  ] as const)("is refused, and nothing is sent: the units of a table that has to have them: %j", ([more, patch]) => {
    const table = {
      TableName: "things",
      TableStatus: "ACTIVE",
      TableArn: "arn:table",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    }
    const dynamodb = {
      describeTable: () => ({ Table: table }),
      describeTimeToLive: () => ({}),
      listTagsOfResource: () => ({ Tags: [] }),
    }
    const { AttributeDefinitions, KeySchema, TableName } = table
    return Effect.gen(function* () {
      const { update } = operationsOf("AWS::DynamoDB::Table")
      const desired = { AttributeDefinitions, KeySchema, TableName, ...more }
      const { code, message } = yield* Effect.flip(update("things", desired, patch))
      assert.strictEqual(code, "InvalidRequest")
      assert.include(message, "ProvisionedThroughput")
    }).pipe(Effect.provide(layerFake({ dynamodb })))
  })

  it.effect("is refused, and nothing is sent: the role of a subscription", () => {
    const sns = { getSubscriptionAttributes: () => ({ Attributes: { SubscriptionRoleArn: "arn:role" } }) }
    const desired = { TopicArn: "arn:topic", Protocol: "firehose", Endpoint: "arn:stream" }
    return Effect.gen(function* () {
      const { update } = operationsOf("AWS::SNS::Subscription")
      const { code, message } = yield* Effect.flip(update("arn:it", desired, [remove("/SubscriptionRoleArn")]))
      assert.strictEqual(code, "NotUpdatable")
      assert.include(message, "SubscriptionRoleArn")
    }).pipe(Effect.provide(layerFake({ sns })))
  })
})

describe("the retention of a log group", () => {
  it.effect("is one of the numbers of days that the service accepts", () =>
    Effect.gen(function* () {
      const { create } = operationsOf("AWS::Logs::LogGroup")
      const { code } = yield* Effect.flip(create({ LogGroupName: "g", RetentionInDays: 2 }))
      assert.strictEqual(code, "InvalidRequest")
    }).pipe(Effect.provide(layerFake({}))),
  )
})
