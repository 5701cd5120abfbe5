import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const assumedBy = (Service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
})
const allowing = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
})

/** The ARN of a policy that can be attached to a role. */
const policyArn = (name: string) =>
  Effect.gen(function* () {
    const calls = callsOf("AWS::IAM::ManagedPolicy", yield* AwsEmulator)
    const properties = { ManagedPolicyName: name, PolicyDocument: allowing("s3:GetObject") }
    return (yield* calls.create(properties, name)).nativeId
  })

const role: Lifecycle = {
  type: "AWS::IAM::Role",
  wanted: (name) =>
    Effect.map(policyArn(`for-${name}`), (arn) => ({
      RoleName: `shop-${name}`,
      Path: "/shop/",
      AssumeRolePolicyDocument: assumedBy("lambda.amazonaws.com"),
      Description: "What the shop may do",
      MaxSessionDuration: 7200,
      ManagedPolicyArns: [arn],
      Policies: [
        { PolicyName: "read", PolicyDocument: allowing("s3:GetObject") },
        { PolicyName: "write", PolicyDocument: allowing("s3:PutObject") },
      ],
      Tags: [
        { Key: "cost", Value: "shop" },
        { Key: "team", Value: "orders" },
      ],
    })),
  outputs: ({ Arn = "", RoleId = "" }, name) => {
    assert.match(String(Arn), new RegExp(`^arn:aws:iam::\\d+:role/shop/${name}$`))
    assert.match(String(RoleId), /^A\w+$/)
    return { Arn, RoleId }
  },
  change: {
    to: {
      AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
      MaxSessionDuration: 3600,
      Policies: [{ PolicyName: "write", PolicyDocument: allowing("s3:DeleteObject") }],
      Tags: [{ Key: "team", Value: "shipping" }],
    },
    without: ["ManagedPolicyArns"],
    read: { ManagedPolicyArns: [] },
  },
  isForeign: (name) => name.startsWith("AWSServiceRole"),
}

onMoto("AWS::IAM::Role on moto", (it) => {
  lifecycle(it, role)
  recovery(it, role)
  notTakenOver(it, role)

  it.effect("of a service is not listed", () =>
    Effect.gen(function* () {
      const emulator = yield* AwsEmulator
      const iam = (yield* AwsClients).iam({ region: "eu-central-1", endpoint: emulator.endpoint })
      const created = yield* iam((client, options) =>
        client.createServiceLinkedRole({ AWSServiceName: "autoscaling.amazonaws.com" }, options),
      )
      const name = created.Role?.RoleName ?? ""
      assert.match(name, /^AWSServiceRoleFor/)
      assert.notInclude(yield* callsOf("AWS::IAM::Role", emulator).list(1), name)
    }),
  )

  it.effect("that is missing cannot be updated", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::IAM::Role", yield* AwsEmulator)
      const desired = { RoleName: "missing", AssumeRolePolicyDocument: assumedBy("ec2.amazonaws.com") }
      assert.strictEqual((yield* Effect.flip(calls.update("missing", desired))).code, "NotFound")
    }),
  )
})
