/** Results of commands for screens: plans are made by the planner, and what an apply has done is stated. */
import { inventoryResult, plannedResult, untouched } from "../../src/agent/apply/ResourceResult.ts"
import { type CommandResult, makeCommandResult } from "../../src/agent/commands/CommandResult.ts"
import type { ExistingResource, WantedResource } from "../../src/agent/plan/Change.ts"
import { changeDetails } from "../../src/agent/plan/ChangeDetails.ts"
import { makePlan } from "../../src/agent/plan/Plan.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import type { Properties, TypeCapabilities } from "../../src/protocol/Resource.ts"
import { capable } from "../agent/plan/capabilities.ts"
import { byLabel, existing, notRead, wanted } from "../agent/plan/planned.ts"

const vpc = capable("AWS::EC2::VPC", { CidrBlock: ["createOnly"], Tags: ["unordered"], VpcId: ["output"] })
const subnet = capable("AWS::EC2::Subnet", { VpcId: ["createOnly"], CidrBlock: ["createOnly"], Tags: ["unordered"] })
const role: TypeCapabilities = {
  ...capable("AWS::IAM::Role", {
    RoleName: ["createOnly"],
    AssumeRolePolicyDocument: [],
    Description: [],
    Path: ["createOnly"],
  }),
  paths: { "/AssumeRolePolicyDocument": { policy: true } },
}
const secret = capable("AWS::SecretsManager::Secret", {
  Name: ["createOnly"],
  Description: [],
  SecretString: ["opaque"],
})
const queue = capable("AWS::SQS::Queue", { QueueName: ["createOnly"], VisibilityTimeout: [] })

const types = new Map([vpc, subnet, role, secret, queue].map((one) => [one.type, one]))

const trust = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
})

const want = (label: string, capabilities: TypeCapabilities, properties: Properties): WantedResource =>
  wanted(label, properties, { capabilities })

/** A resource that exists. `now` is what somebody else has changed. */
const found = (
  label: string,
  { type }: TypeCapabilities,
  nativeId: string,
  properties: Properties,
  now: Properties = {},
): ExistingResource => {
  const one = existing(label, properties)
  const row = { ...one.row, type, nativeId: NativeId.make(nativeId), forma: "network" }
  return { ...one, row, actual: { ...properties, ...now } }
}

const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database/password-Ab12Cd"

const wants = [
  want("network", vpc, { CidrBlock: "10.1.0.0/16", Tags: [{ Key: "team", Value: "shop" }] }),
  want("front", subnet, { VpcId: { $ref: "network.VpcId" }, CidrBlock: "10.1.1.0/24" }),
  want("worker-role", role, {
    RoleName: "worker",
    AssumeRolePolicyDocument: trust("ecs-tasks.amazonaws.com"),
    Description: "Lets the workers of the shop read their queue, and write what they have done to its table",
  }),
  want("password", secret, { Name: "shop/database/password", SecretString: "canary", Description: "b\nc\nd" }),
  want("orders", queue, { QueueName: "orders", VisibilityTimeout: 30 }),
  want("returns", queue, { QueueName: "returns" }),
  want("same", queue, { QueueName: "same" }),
  want("unknown", queue, { QueueName: "unknown" }),
]

const exist = [
  found("network", vpc, "vpc-0a1b2c3d4e5f67890", { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "team", Value: "shop" }] }),
  found("worker-role", role, "worker", {
    RoleName: "worker",
    AssumeRolePolicyDocument: JSON.stringify(trust("lambda.amazonaws.com")),
    Description: "Lets the workers of the shop read their queue",
  }),
  found("password", secret, secretArn, { Name: "shop/database/password", Description: "a\nb\nc" }),
  found(
    "orders",
    queue,
    "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
    { QueueName: "orders", VisibilityTimeout: 30 },
    { VisibilityTimeout: 60 },
  ),
  notRead(found("returns", queue, "https://sqs.eu-west-1.amazonaws.com/123456789012/returns", {})),
  found("same", queue, "https://sqs.eu-west-1.amazonaws.com/123456789012/same", { QueueName: "same" }),
  found("legacy", queue, "https://sqs.eu-west-1.amazonaws.com/123456789012/legacy", {
    QueueName: "legacy",
    VisibilityTimeout: 5,
  }),
]

const blockers = new Map([["unknown", { code: "OutcomeUnknown", message: "nobody knows whether it was created" }]])

const changes = makePlan(wants, byLabel(...exist), blockers)

export const planned: CommandResult = makeCommandResult(
  "plan",
  changes.map((change) => ({
    ...plannedResult(change),
    changes: changeDetails(changes, ({ type }) => types.get(type))(change),
  })),
)

const durations = [1_240, 420, 37, 61_000, 210, 300, 0, 0, 95]

export const applied: CommandResult = makeCommandResult(
  "apply",
  changes.map((change, index) => {
    const { blocked, label, nativeId, operation, type } = change
    const hasFailed = blocked !== undefined || label === "front"
    const error = blocked ?? { code: "Throttling", message: "Rate exceeded" }
    return {
      ...untouched,
      label,
      type,
      operation,
      status: hasFailed ? "failed" : "succeeded",
      nativeId: nativeId ?? null,
      durationMillis: durations[index] ?? 0,
      error: hasFailed ? error : null,
    }
  }),
)

export const inventory: CommandResult = makeCommandResult(
  "inventory",
  exist.map(({ row }) => inventoryResult(row)),
)
