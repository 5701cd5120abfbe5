/** Lambda. */
import type { UpdateFunctionConfigurationCommandInput } from "@aws-sdk/client-lambda"
import {
  fixed,
  type Gaps,
  type Json,
  type Part,
  type PropertyCase,
  refused,
  type Step,
  type Subject,
  tagsCase,
} from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

type Case = PropertyCase<AwsSdk>

const setting = (
  property: string,
  value: Json,
  changed: Json,
  third: Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">,
  more: Partial<Case> = {},
): Case => ({
  property,
  value,
  changed,
  drift: ({ lambda }, { nativeId: FunctionName }) => lambda.updateFunctionConfiguration({ FunctionName, ...third }),
  ...more,
})

const role = (label: string, name: string): Part => ({
  label,
  type: "AWS::IAM::Role",
  properties: {
    RoleName: name,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  },
})

const subnet = (label: string, CidrBlock: string): Part => ({
  label,
  type: "AWS::EC2::Subnet",
  properties: { VpcId: { $ref: "vpc.VpcId" }, CidrBlock },
})

const code = (text: string) => ({ ZipFile: `exports.handler = async () => '${text}'` })
const key = (name: string) => `arn:aws:kms:eu-central-1:123456789012:key/${name}`
const layer = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:layer:${name}:1`
const network = (...labels: ReadonlyArray<string>) => ({
  SubnetIds: labels.map((label) => ({ $ref: `${label}.SubnetId` })),
  SecurityGroupIds: [{ $ref: "group.GroupId" }],
})

const emptyArchive = Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64")

const noKey = "does not return the key"
const ignored = (...steps: ReadonlyArray<Step>): Gaps =>
  Object.fromEntries(steps.map((step) => [step, "an update does not change it"]))

const cases = (name: string): ReadonlyArray<Case> => [
  { property: "FunctionName", value: name, changed: `${name}-b`, drift: fixed },
  {
    property: "Code",
    value: code("a"),
    changed: code("b"),
    drift: ({ lambda }, { nativeId: FunctionName }) =>
      lambda.updateFunctionCode({ FunctionName, ZipFile: emptyArchive }),
  },
  {
    property: "Architectures",
    value: ["arm64"],
    changed: { unable: "the other value is the default" },
    drift: ({ lambda }, { nativeId: FunctionName }) =>
      lambda.updateFunctionCode({
        FunctionName,
        ZipFile: emptyArchive,
        Architectures: ["x86_64"],
      }),
    removed: ["x86_64"],
    gaps: { moto: ignored("drift", "remove") },
  },
  setting(
    "Role",
    { $ref: "role.Arn" },
    { $ref: "role-b.Arn" },
    { Role: `arn:aws:iam::123456789012:role/${name}` },
    {
      drift: ({ lambda }, { nativeId: FunctionName }) =>
        lambda.updateFunctionConfiguration({ FunctionName, Role: "arn:aws:iam::123456789012:role/other" }),
    },
  ),
  setting("Runtime", "nodejs24.x", "nodejs22.x", { Runtime: "nodejs20.x" }, { removed: refused }),
  setting("Handler", "index.handler", "index.other", { Handler: "index.third" }, { removed: refused }),
  setting("Description", "a", "b", { Description: "c" }),
  setting("Timeout", 10, 20, { Timeout: 30 }, { removed: 3 }),
  setting("MemorySize", 256, 512, { MemorySize: 1024 }, { removed: 128 }),
  setting(
    "KmsKeyArn",
    key("a"),
    key("b"),
    { KMSKeyArn: key("c") },
    {
      gaps: { moto: { again: noKey, change: noKey, drift: noKey, remove: noKey } },
    },
  ),
  setting(
    "Environment",
    { Variables: { A: "a" } },
    { Variables: { A: "b" } },
    { Environment: { Variables: { A: "b", OTHER: "hand" } } },
  ),
  setting(
    "EphemeralStorage",
    { Size: 1024 },
    { Size: 2048 },
    { EphemeralStorage: { Size: 4096 } },
    {
      removed: { Size: 512 },
      gaps: { moto: ignored("change", "drift", "remove") },
    },
  ),
  setting(
    "Layers",
    [layer("a")],
    [layer("b")],
    { Layers: [] },
    {
      prepare: ({ lambda }) =>
        Promise.all(
          ["a", "b"].map((LayerName) => lambda.publishLayerVersion({ LayerName, Content: { ZipFile: emptyArchive } })),
        ),
    },
  ),
  setting(
    "TracingConfig",
    { Mode: "Active" },
    { unable: "the other value is the default" },
    {
      TracingConfig: { Mode: "PassThrough" },
    },
    { removed: { Mode: "PassThrough" }, gaps: { moto: ignored("drift", "remove") } },
  ),
  setting("VpcConfig", network("subnet"), network("subnet", "subnet-b"), {
    VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  }),
  tagsCase(({ lambda }, { properties }) =>
    lambda.tagResource({ Resource: String(properties["Arn"]), Tags: { other: "hand" } }),
  ),
]

export const LambdaFunction: Subject<AwsSdk> = {
  type: "AWS::Lambda::Function",
  others: (name) => [
    role("role", name),
    role("role-b", `${name}-b`),
    { label: "vpc", type: "AWS::EC2::VPC", properties: { CidrBlock: "10.1.0.0/16" } },
    subnet("subnet", "10.1.1.0/24"),
    subnet("subnet-b", "10.1.2.0/24"),
    {
      label: "group",
      type: "AWS::EC2::SecurityGroup",
      properties: { GroupName: name, GroupDescription: "it", VpcId: { $ref: "vpc.VpcId" } },
    },
  ],
  required: (name) => ({
    FunctionName: name,
    Role: { $ref: "role.Arn" },
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: code("a"),
  }),
  cases,
  delete: ({ lambda }, { nativeId: FunctionName }) => lambda.deleteFunction({ FunctionName }),
}
