/** A table as DynamoDB describes it, with its tags and its time to live. */
import type {
  DynamoDB,
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
  TableDescription,
  TimeToLiveDescription,
} from "@aws-sdk/client-dynamodb"
import { type ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import type { Service } from "../AwsClients.ts"
import type { Description } from "../Ownership.ts"
import { allPages } from "../Listing.ts"
import { TagKeys } from "../TagKeys.ts"
import * as Tags from "../Tags.ts"
import type { TableState } from "./DynamoDbChanges.ts"

export interface TableDetails extends Description, TableState {
  readonly arn: string | undefined
  readonly status: string | undefined
  readonly attributes: NonNullable<TableDescription["AttributeDefinitions"]>
  readonly tags: Tags.Tags
}

export const describeTable = (
  dynamodb: Service<DynamoDB>,
  TableName: string,
): Effect.Effect<TableDescription, ProviderError> =>
  dynamodb((client, options) => client.describeTable({ TableName }, options)).pipe(
    Effect.map(({ Table = {} }) => Table),
  )

export const describe = (dynamodb: Service<DynamoDB>, TableName: string): Effect.Effect<TableDetails, ProviderError> =>
  Effect.flatMap(describeTable(dynamodb, TableName), (table) => detailsOf(dynamodb, TableName, table))

/** The details of a table that has been described. */
export const detailsOf = Effect.fnUntraced(function* (
  dynamodb: Service<DynamoDB>,
  TableName: string,
  table: TableDescription,
): Effect.fn.Return<TableDetails, ProviderError> {
  const tags = yield* tagsOf(dynamodb, table.TableArn)
  // A table that is being created or deleted has no time to live.
  const hasTimeToLive = table.TableStatus === "ACTIVE" || table.TableStatus === "UPDATING"
  const { TimeToLiveDescription } = hasTimeToLive
    ? yield* dynamodb((client, options) => client.describeTimeToLive({ TableName }, options))
    : {}
  const capacity = capacityOf(table)
  const indexes = (table.GlobalSecondaryIndexes ?? []).map((index) => ({
    ...indexOf(index),
    ...(capacity.BillingMode === "PROVISIONED" ? { ProvisionedThroughput: unitsOf(index) } : {}),
  }))
  const localIndexes = (table.LocalSecondaryIndexes ?? []).map(indexOf)
  const timeToLive = timeToLiveOf(TimeToLiveDescription)
  return {
    nativeId: TableName,
    arn: table.TableArn,
    status: table.TableStatus,
    attributes: table.AttributeDefinitions ?? [],
    capacity,
    indexes,
    timeToLive,
    tags,
    properties: returned({
      TableName: table.TableName,
      AttributeDefinitions: table.AttributeDefinitions?.map((attribute) => returned({ ...attribute })),
      KeySchema: table.KeySchema?.map((key) => returned({ ...key })),
      ...capacity,
      GlobalSecondaryIndexes: indexes.length === 0 ? undefined : indexes,
      LocalSecondaryIndexes: localIndexes.length === 0 ? undefined : localIndexes,
      TimeToLiveSpecification: timeToLive,
      Arn: table.TableArn,
      Tags: Tags.visible(tags, yield* TagKeys),
    }),
  }
})

/** A table without a billing mode has always been provisioned; one that pays per request has no units. */
const capacityOf = ({ BillingModeSummary, ...table }: TableDescription) =>
  BillingModeSummary?.BillingMode === "PAY_PER_REQUEST"
    ? { BillingMode: "PAY_PER_REQUEST" as const }
    : { BillingMode: "PROVISIONED" as const, ProvisionedThroughput: unitsOf(table) }

const unitsOf = ({ ProvisionedThroughput }: Pick<TableDescription, "ProvisionedThroughput">) => {
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = ProvisionedThroughput ?? {}
  return { ReadCapacityUnits, WriteCapacityUnits }
}

const indexOf = (index: GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription) => {
  const { NonKeyAttributes, ProjectionType = "ALL" } = index.Projection ?? {}
  return {
    IndexName: index.IndexName ?? "",
    KeySchema: (index.KeySchema ?? []).map(({ AttributeName = "", KeyType = "HASH" }) => ({ AttributeName, KeyType })),
    Projection: NonKeyAttributes === undefined ? { ProjectionType } : { ProjectionType, NonKeyAttributes },
  }
}

/** It takes up to an hour to take effect or to end, which is not waited for. */
const timeToLiveOf = ({
  AttributeName,
  TimeToLiveStatus: status,
}: TimeToLiveDescription = {}): TableState["timeToLive"] =>
  (status === "ENABLED" || status === "ENABLING") && AttributeName !== undefined
    ? { AttributeName, Enabled: true }
    : { Enabled: false }

/** Whether DynamoDB is still working on the table or on one of its indexes. */
export const isBusy = ({ GlobalSecondaryIndexes = [], TableStatus }: TableDescription): boolean =>
  [TableStatus, ...GlobalSecondaryIndexes.map(({ IndexStatus }) => IndexStatus)].some(
    (status) => status === "CREATING" || status === "UPDATING",
  ) ||
  (TableStatus === "ACTIVE" && GlobalSecondaryIndexes.some(({ IndexStatus }) => IndexStatus === "DELETING"))

export const tagsOf = (
  dynamodb: Service<DynamoDB>,
  ResourceArn: string | undefined,
): Effect.Effect<Tags.Tags, ProviderError> =>
  Effect.map(
    allPages((token) =>
      Effect.map(
        dynamodb((client, options) => client.listTagsOfResource({ ResourceArn, NextToken: token }, options)),
        ({ NextToken, Tags }) => ({ items: Tags, next: NextToken }),
      ),
    ),
    Tags.fromService,
  )

export const changeTags = Effect.fnUntraced(function* (
  dynamodb: Service<DynamoDB>,
  ResourceArn: string | undefined,
  { put, remove }: ReturnType<typeof Tags.changes>,
) {
  if (remove.length > 0) {
    yield* dynamodb((client, options) => client.untagResource({ ResourceArn, TagKeys: remove }, options))
  }
  if (put.length > 0) yield* dynamodb((client, options) => client.tagResource({ ResourceArn, Tags: put }, options))
})
