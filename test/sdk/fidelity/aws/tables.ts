/** DynamoDB and DSQL. */
import { waitUntilTableExists } from "@aws-sdk/client-dynamodb"
import { fixed, type PropertyCase, refused, type Subject, tagsCase, type Thing } from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

type Case = PropertyCase<AwsSdk>

const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" })
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" })
const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" })
const units = (count: number) => ({ ReadCapacityUnits: count, WriteCapacityUnits: count })
const byState = (...NonKeyAttributes: ReadonlyArray<string>) => ({
  IndexName: "by-state",
  KeySchema: [hash("state")],
  Projection: { ProjectionType: "INCLUDE", NonKeyAttributes },
})
const locally = (...NonKeyAttributes: ReadonlyArray<string>) => ({
  IndexName: "locally",
  KeySchema: [hash("id"), range("state")],
  Projection: { ProjectionType: "INCLUDE", NonKeyAttributes },
})
const withState = { AttributeDefinitions: [text("id"), text("state")] }

const keepsIndex = "accepts the deletion of an index, and keeps the index"

/** In seconds. */
const patience = { minDelay: 0.02, maxDelay: 0.1, maxWaitTime: 10 }

const untilActive = (client: AwsSdk["dynamodb"], { nativeId: TableName }: Thing) =>
  waitUntilTableExists({ client, ...patience }, { TableName })

const cases = (name: string): ReadonlyArray<Case> => [
  { property: "TableName", value: name, changed: `${name}-b`, drift: fixed },
  {
    property: "AttributeDefinitions",
    value: [text("id")],
    changed: [{ AttributeName: "id", AttributeType: "N" }],
    by: { change: "replace" },
    drift: fixed,
  },
  {
    property: "KeySchema",
    value: [hash("id")],
    changed: { unable: "another key needs other attributes" },
    drift: fixed,
  },
  {
    property: "KeySchema",
    part: "a sort key",
    value: [hash("id"), range("state")],
    beside: withState,
    changed: [hash("state"), range("id")],
    drift: fixed,
  },
  {
    property: "BillingMode",
    value: "PAY_PER_REQUEST",
    changed: { unable: "the other value needs units beside it" },
    drift: ({ dynamodb }, thing) =>
      dynamodb
        .updateTable({ TableName: thing.nativeId, BillingMode: "PROVISIONED", ProvisionedThroughput: units(1) })
        .then(() => untilActive(dynamodb, thing)),
    besideRemoved: { ProvisionedThroughput: units(1) },
    removed: "PROVISIONED",
  },
  {
    property: "ProvisionedThroughput",
    value: units(2),
    beside: { BillingMode: "PROVISIONED" },
    changed: units(3),
    drift: ({ dynamodb }, thing) =>
      dynamodb
        .updateTable({ TableName: thing.nativeId, ProvisionedThroughput: units(5) })
        .then(() => untilActive(dynamodb, thing)),
    removed: refused,
  },
  {
    property: "GlobalSecondaryIndexes",
    value: [byState("a", "b")],
    beside: withState,
    changed: [byState("a", "c")],
    drift: ({ dynamodb }, thing) =>
      dynamodb
        .updateTable({
          TableName: thing.nativeId,
          GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-state" } }],
        })
        .then(() => untilActive(dynamodb, thing)),
    gaps: { dynalite: { change: keepsIndex, drift: keepsIndex, remove: keepsIndex } },
  },
  {
    property: "LocalSecondaryIndexes",
    value: [locally("a", "b")],
    beside: {
      ...withState,
      KeySchema: [hash("id"), range("kind")],
      AttributeDefinitions: [text("id"), text("kind"), text("state")],
    },
    changed: [locally("a", "c")],
    besideRemoved: { AttributeDefinitions: [text("id"), text("kind")] },
    drift: fixed,
  },
  {
    property: "TimeToLiveSpecification",
    value: { AttributeName: "expires", Enabled: true },
    changed: { AttributeName: "ends", Enabled: true },
    drift: ({ dynamodb }, { nativeId: TableName }) =>
      dynamodb.updateTimeToLive({ TableName, TimeToLiveSpecification: { AttributeName: "ends", Enabled: false } }),
    removed: { Enabled: false },
    gaps: { dynalite: { apply: "does not know the time to live" } },
  },
  tagsCase(
    ({ dynamodb }, { properties }) =>
      dynamodb.tagResource({ ResourceArn: String(properties["Arn"]), Tags: [{ Key: "other", Value: "hand" }] }),
    { moto: { change: "lists a changed tag twice" } },
  ),
]

export const DynamoDbTable: Subject<AwsSdk> = {
  type: "AWS::DynamoDB::Table",
  required: (name) => ({
    TableName: name,
    AttributeDefinitions: [text("id")],
    KeySchema: [hash("id")],
    BillingMode: "PAY_PER_REQUEST",
  }),
  cases,
  delete: ({ dynamodb }, { nativeId: TableName }) => dynamodb.deleteTable({ TableName }),
}

const key = (name: string) => `arn:aws:kms:eu-central-1:123456789012:key/${name}`

const noUpdate = "does not know UpdateCluster"
const noClusterKey = "does not keep the key"
const noTags = "knows neither TagResource nor UntagResource"

export const DsqlCluster: Subject<AwsSdk> = {
  type: "AWS::DSQL::Cluster",
  required: () => ({ DeletionProtectionEnabled: false }),
  cases: () => [
    {
      property: "DeletionProtectionEnabled",
      value: false,
      changed: { unable: "a protected cluster cannot be deleted" },
      drift: ({ dsql }, { nativeId: identifier }) =>
        dsql.updateCluster({ identifier, deletionProtectionEnabled: true }),
      removed: true,
      gaps: { moto: { drift: noUpdate, remove: noUpdate } },
    },
    {
      property: "KmsEncryptionKey",
      value: key("a"),
      changed: key("b"),
      drift: ({ dsql }, { nativeId: identifier }) => dsql.updateCluster({ identifier, kmsEncryptionKey: key("c") }),
      removed: "AWS_OWNED_KMS_KEY",
      gaps: { moto: { again: noClusterKey, change: noUpdate, drift: noUpdate, remove: noClusterKey } },
    },
    tagsCase(
      ({ dsql }, { properties }) =>
        dsql.tagResource({ resourceArn: String(properties["ResourceArn"]), tags: { other: "hand" } }),
      { moto: { change: noTags, drift: noTags, remove: noTags } },
    ),
  ],
  delete: ({ dsql }, { nativeId: identifier }) => dsql.deleteCluster({ identifier }),
}
