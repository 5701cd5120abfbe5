/** When the types of AWS take two values for the same: what AWS returns, against what a document asks for. */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { zipOf } from "../../../plugins/aws/src/ZipArchive.ts"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import { compare } from "../../../src/agent/plan/Comparison.ts"
import { ResourceType } from "../../../src/protocol/Identity.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"

interface Given {
  readonly desired: Properties
  readonly prior?: Properties
  readonly actual: Properties
}

/** What the agent plans, with the forms that the plugin gives. */
const planned = (type: string, { actual, desired, prior = desired }: Given): string => {
  const definition = plugin.types.get(ResourceType.make(`AWS::${type}`))
  if (definition === undefined) throw new TypeError(`Not served: ${type}`)
  const { canonical = (properties: Properties) => properties, capabilities } = definition
  const forms = { desired: canonical(desired), prior: canonical(prior), actual: canonical(actual) }
  const difference = compare({ desired, prior, actual, unknown: [], canonical: forms }, capabilities)
  if (difference._tag === "Same") return "Same"
  return `${difference._tag} ${(difference._tag === "Replace" ? difference.forcedBy : difference.changed).join(" ")}`
}

const allow = (more: Properties = {}) => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { AWS: "*" },
  ...more,
})
const document = (...Statement: ReadonlyArray<Properties>) => ({ Version: "2012-10-17", Statement })
const rule = (more: Properties) => ({ CidrIp: "10.0.0.0/8", ...more })
const localIndex = (...NonKeyAttributes: ReadonlyArray<string>) => ({
  LocalSecondaryIndexes: [
    {
      IndexName: "by-state",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes },
    },
  ],
})
const attribute = (AttributeType: string) => ({ AttributeDefinitions: [{ AttributeName: "id", AttributeType }] })
/** The hash of the archive that the plugin makes of a text. */
const hashOf = (text: string) => createHash("sha256").update(zipOf("index.js", text)).digest("base64")
const code = (ZipFile: string) => ({ Runtime: "nodejs24.x", Code: { ZipFile } })

const same: ReadonlyArray<readonly [type: string, what: string, given: Given]> = [
  [
    "DynamoDB::Table",
    "the order of the attributes of a local index",
    { desired: localIndex("a", "b"), actual: localIndex("b", "a") },
  ],
  [
    "SNS::Subscription",
    "the scope of a filter that it does not have",
    { desired: { FilterPolicyScope: "MessageBody" }, actual: { RawMessageDelivery: false } },
  ],
  [
    "SNS::Subscription",
    "the scope of an empty filter",
    { desired: { FilterPolicy: {}, FilterPolicyScope: "MessageBody" }, actual: {} },
  ],
  ["DynamoDB::Table", "no indexes, as an empty list", { desired: { GlobalSecondaryIndexes: [] }, actual: {} }],
  ["EC2::VPC", "host bits", { desired: { CidrBlock: "10.9.0.5/16" }, actual: { CidrBlock: "10.9.0.0/16" } }],
  ["EC2::Subnet", "host bits", { desired: { CidrBlock: "10.9.1.5/24" }, actual: { CidrBlock: "10.9.1.0/24" } }],
  [
    "EC2::SecurityGroup",
    "a protocol by its number, host bits, and a rule that is there twice",
    {
      desired: {
        SecurityGroupIngress: [
          rule({ IpProtocol: "6", FromPort: 80, ToPort: 80, CidrIp: "10.1.2.3/8" }),
          rule({ IpProtocol: "TCP", FromPort: 80, ToPort: 80 }),
        ],
      },
      actual: { SecurityGroupIngress: [rule({ IpProtocol: "tcp", FromPort: 80, ToPort: 80 })] },
    },
  ],
  [
    "EC2::SecurityGroup",
    "all protocols with ports",
    {
      desired: { SecurityGroupEgress: [rule({ IpProtocol: "-1", FromPort: 0, ToPort: 65_535 })] },
      actual: { SecurityGroupEgress: [rule({ IpProtocol: "-1" })] },
    },
  ],
  [
    "IAM::Role",
    "an account by its number, a list of one, and the order and case of actions",
    {
      desired: {
        AssumeRolePolicyDocument: document(allow({ Principal: { AWS: "123456789012" }, Action: ["sts:B", "sts:A"] })),
      },
      actual: {
        AssumeRolePolicyDocument: document(
          allow({ Principal: { AWS: ["arn:aws:iam::123456789012:root"] }, Action: ["sts:a", "sts:B"] }),
        ),
      },
    },
  ],
  ["IAM::Role", "defaults", { desired: { Path: "/", MaxSessionDuration: 3600 }, actual: {} }],
  ["Lambda::Function", "an empty environment and no layers", { desired: { Environment: {}, Layers: [] }, actual: {} }],
  ["Lambda::Function", "an environment without variables", { desired: { Environment: { Variables: {} } }, actual: {} }],
  [
    "Lambda::Function",
    "code by its hash",
    {
      desired: code("exports.handler = 1"),
      actual: { Runtime: "nodejs24.x", Code: { CodeSha256: hashOf("exports.handler = 1") } },
    },
  ],
  [
    "Lambda::Function",
    "code in a bucket that was changed elsewhere, because its hash is not known",
    { desired: { Code: { S3Bucket: "b", S3Key: "k" } }, actual: { Code: { CodeSha256: "any" } } },
  ],
  ["Logs::LogGroup", "the default class", { desired: { LogGroupClass: "STANDARD" }, actual: {} }],
  ["SNS::Subscription", "an empty filter", { desired: { FilterPolicy: {} }, actual: {} }],
  ["SecretsManager::Secret", "the default key", { desired: { KmsKeyId: "alias/aws/secretsmanager" }, actual: {} }],
  [
    "SSM::Parameter",
    "the tier that SSM has chosen",
    { desired: { Tier: "Intelligent-Tiering" }, actual: { Tier: "Standard" } },
  ],
  ["SSM::Parameter", "a secret that is not returned", { desired: { Value: "v" }, actual: {} }],
]

const different: ReadonlyArray<readonly [type: string, what: string, given: Given, difference: string]> = [
  ...[{ S3Key: "k2" }, { S3Bucket: "b2" }, { S3ObjectVersion: "2" }].map((changed) => {
    const Code = { S3Bucket: "b", S3Key: "k", S3ObjectVersion: "1" }
    return [
      "Lambda::Function",
      `another object as its code: ${Object.keys(changed).join(" ")}`,
      { desired: { Code: { ...Code, ...changed } }, prior: { Code }, actual: { Code: { CodeSha256: "any" } } },
      "Update Code",
    ] as const
  }),
  [
    "IAM::Role",
    "a principal that was added",
    {
      desired: { AssumeRolePolicyDocument: document(allow()) },
      actual: { AssumeRolePolicyDocument: document(allow({ Principal: { AWS: "*", Service: "ec2.amazonaws.com" } })) },
    },
    "Update AssumeRolePolicyDocument",
  ],
  [
    "IAM::Role",
    "a condition that was added to an inline policy",
    {
      desired: {
        Policies: [{ PolicyName: "p", PolicyDocument: document({ Effect: "Deny", Action: "*", Resource: "*" }) }],
      },
      actual: {
        Policies: [
          {
            PolicyName: "p",
            PolicyDocument: document({
              Effect: "Deny",
              Action: "*",
              Resource: "*",
              Condition: { Bool: { a: "true" } },
            }),
          },
        ],
      },
    },
    "Update Policies",
  ],
  [
    "S3::BucketPolicy",
    "a condition that was added to a Deny",
    {
      desired: { PolicyDocument: document({ Effect: "Deny", Action: "*" }) },
      actual: { PolicyDocument: document({ Effect: "Deny", Action: "*", Condition: { Bool: { a: "true" } } }) },
    },
    "Update PolicyDocument",
  ],
  [
    "Lambda::Function",
    "a variable that was added",
    { desired: { Environment: { Variables: { A: "1" } } }, actual: { Environment: { Variables: { A: "1", B: "2" } } } },
    "Update Environment",
  ],
  [
    "Lambda::Function",
    "other code",
    { desired: code("1"), actual: { ...code("1"), Code: { CodeSha256: "other" } } },
    "Update Code",
  ],
  [
    "SNS::Subscription",
    "a key that was added to a filter",
    { desired: { FilterPolicy: { a: ["1"] } }, actual: { FilterPolicy: { a: ["1"], b: ["2"] } } },
    "Update FilterPolicy",
  ],
  [
    "SSM::Parameter",
    "a value that was changed elsewhere",
    { desired: { Value: "a" }, actual: { Value: "b" } },
    "Update Value",
  ],
  [
    "DynamoDB::Table",
    "the type of an attribute",
    { desired: attribute("N"), actual: attribute("S") },
    "Replace /AttributeDefinitions/0/AttributeType",
  ],
  [
    "DynamoDB::Table",
    "another attribute in a local index",
    { desired: localIndex("a", "c"), actual: localIndex("a", "b") },
    "Replace /LocalSecondaryIndexes/0/Projection/NonKeyAttributes",
  ],
  [
    "EC2::VPC",
    "dedicated to default tenancy",
    { desired: { InstanceTenancy: "default" }, actual: { InstanceTenancy: "dedicated" } },
    "Update InstanceTenancy",
  ],
  [
    "EC2::VPC",
    "default to dedicated tenancy",
    { desired: { InstanceTenancy: "dedicated" }, actual: { InstanceTenancy: "default" } },
    "Replace /InstanceTenancy",
  ],
  [
    "EC2::VPC",
    "another block",
    { desired: { CidrBlock: "10.8.0.5/16" }, actual: { CidrBlock: "10.9.0.0/16" } },
    "Replace /CidrBlock",
  ],
]

describe("a type of AWS", () => {
  it.each(same)("%s sees no difference in %s", (type, _, given) => {
    assert.strictEqual(planned(type, given), "Same")
  })

  it.each(different)("%s sees %s", (type, _, given, difference) => {
    assert.strictEqual(planned(type, given), difference)
  })
})
