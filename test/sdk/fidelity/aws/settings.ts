/** SSM, Secrets Manager and CloudWatch Logs. */
import { fixed, type PropertyCase, refused, type Subject, tagsCase, type Thing } from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

type Case = PropertyCase<AwsSdk>

const putParameter =
  (input: object) =>
  ({ ssm }: AwsSdk, { nativeId: Name }: Thing) =>
    ssm.putParameter({ Name, Value: "1", Overwrite: true, ...input })

export const SsmParameter: Subject<AwsSdk> = {
  type: "AWS::SSM::Parameter",
  required: (name) => ({ Name: name, Type: "String", Value: "1" }),
  cases: (name) => [
    { property: "Name", value: name, changed: `${name}-b`, drift: fixed },
    { property: "Type", value: "String", changed: "StringList", drift: fixed },
    { property: "Value", value: "1", changed: "2", drift: putParameter({ Value: "3" }) },
    {
      property: "Value",
      part: "SecureString",
      value: "1",
      beside: { Type: "SecureString" },
      changed: "2",
      drift: { unable: "it is never read" },
      read: ({ ssm }, { nativeId: Name }) =>
        ssm.getParameter({ Name, WithDecryption: true }).then(({ Parameter }) => Parameter?.Value),
    },
    { property: "Description", value: "a", changed: "b", drift: putParameter({ Description: "c" }) },
    { property: "AllowedPattern", value: "\\d", changed: "\\d+", drift: putParameter({ AllowedPattern: ".*" }) },
    {
      property: "DataType",
      value: "aws:ec2:image",
      beside: { Value: "ami-12345678901234567" },
      changed: { unable: "the other value is the default" },
      drift: fixed,
      removed: "text",
    },
    {
      property: "Tier",
      value: "Advanced",
      changed: { unable: "SSM does not take a parameter back from the advanced tier" },
      drift: { unable: "SSM does not take a parameter back from the advanced tier" },
      removed: refused,
      gaps: { moto: { remove: "takes a parameter back from the advanced tier" } },
    },
    tagsCase(({ ssm }, { nativeId: ResourceId }) =>
      ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId, Tags: [{ Key: "other", Value: "hand" }] }),
    ),
  ],
  delete: ({ ssm }, { nativeId: Name }) => ssm.deleteParameter({ Name }),
}

const updateSecret =
  (input: object) =>
  ({ secrets }: AwsSdk, { nativeId: SecretId }: Thing) =>
    secrets.updateSecret({ SecretId, ...input })

export const SecretsManagerSecret: Subject<AwsSdk> = {
  type: "AWS::SecretsManager::Secret",
  required: (name) => ({ Name: name, SecretString: "a" }),
  cases: (name) => [
    { property: "Name", value: name, changed: `${name}-b`, drift: fixed },
    {
      property: "Description",
      value: "a",
      changed: "b",
      drift: updateSecret({ Description: "c" }),
      gaps: { moto: { remove: "ignores an empty description" } },
    },
    {
      property: "KmsKeyId",
      value: "alias/a",
      changed: "alias/b",
      drift: updateSecret({ KmsKeyId: "alias/c" }),
    },
    {
      property: "SecretString",
      value: "a",
      changed: "b",
      drift: { unable: "it is never read" },
      read: ({ secrets }, { nativeId: SecretId }) =>
        secrets.getSecretValue({ SecretId }).then(({ SecretString }) => SecretString),
      removed: "b",
    },
    tagsCase(({ secrets }, { nativeId: SecretId }) =>
      secrets.tagResource({ SecretId, Tags: [{ Key: "other", Value: "hand" }] }),
    ),
  ],
  delete: ({ secrets }, { nativeId: SecretId }) => secrets.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true }),
}

const key = (name: string) => `arn:aws:kms:eu-central-1:123456789012:key/${name}`

const noClass = "does not return the class"
const noKey = "knows neither AssociateKmsKey nor DisassociateKmsKey"

const logsCases = (name: string): ReadonlyArray<Case> => [
  { property: "LogGroupName", value: name, changed: `${name}-b`, drift: fixed },
  {
    property: "LogGroupClass",
    value: "INFREQUENT_ACCESS",
    changed: "DELIVERY",
    drift: fixed,
    removed: "STANDARD",
    gaps: { moto: { again: noClass, change: noClass, remove: noClass } },
  },
  {
    property: "RetentionInDays",
    value: 30,
    changed: 60,
    drift: ({ logs }, { nativeId: logGroupName }) => logs.putRetentionPolicy({ logGroupName, retentionInDays: 7 }),
  },
  {
    property: "KmsKeyId",
    value: key("a"),
    changed: key("b"),
    drift: ({ logs }, { nativeId: logGroupName }) => logs.associateKmsKey({ logGroupName, kmsKeyId: key("c") }),
    gaps: { moto: { change: noKey, drift: noKey, remove: noKey } },
  },
  tagsCase(({ logs }, { properties }) =>
    logs.tagResource({ resourceArn: String(properties["Arn"]).replace(/:\*$/, ""), tags: { other: "hand" } }),
  ),
]

export const LogsLogGroup: Subject<AwsSdk> = {
  type: "AWS::Logs::LogGroup",
  required: (name) => ({ LogGroupName: name }),
  cases: logsCases,
  delete: ({ logs }, { nativeId: logGroupName }) => logs.deleteLogGroup({ logGroupName }),
}
