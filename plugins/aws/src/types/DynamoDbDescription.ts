/** What DynamoDB says of a table, with its tags. */
import type { DynamoDB, TableDescription } from "@aws-sdk/client-dynamodb"
import type { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import type { Service } from "../AwsClients.ts"
import type { Described } from "../Ownership.ts"
import { returned } from "../Returned.ts"
import * as Tags from "../Tags.ts"

export interface DescribedTable extends Described {
  readonly arn: string | undefined
  readonly status: string | undefined
  readonly capacity: ReturnType<typeof capacityOf>
  readonly tags: Tags.Tags
}

export const describeTable = (
  dynamodb: Service<DynamoDB>,
  TableName: string,
): Effect.Effect<TableDescription, ProviderError> =>
  dynamodb((client, options) => client.describeTable({ TableName }, options)).pipe(
    Effect.map(({ Table = {} }) => Table),
  )

export const describe = Effect.fnUntraced(function* (
  dynamodb: Service<DynamoDB>,
  TableName: string,
): Effect.fn.Return<DescribedTable, ProviderError> {
  const table = yield* describeTable(dynamodb, TableName)
  const tags = yield* tagsOf(dynamodb, table.TableArn)
  const capacity = capacityOf(table)
  return {
    nativeId: TableName,
    arn: table.TableArn,
    status: table.TableStatus,
    capacity,
    tags,
    properties: returned({
      TableName: table.TableName,
      AttributeDefinitions: table.AttributeDefinitions?.map((attribute) => returned({ ...attribute })),
      KeySchema: table.KeySchema?.map((key) => returned({ ...key })),
      ...capacity,
      Arn: table.TableArn,
      Tags: Tags.visible(tags),
    }),
  }
})

/** A table that says nothing of its billing has been provisioned ever since; one that pays per request has no units. */
const capacityOf = ({ BillingModeSummary, ProvisionedThroughput: units }: TableDescription) => {
  if (BillingModeSummary?.BillingMode === "PAY_PER_REQUEST") return { BillingMode: "PAY_PER_REQUEST" as const }
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = units ?? {}
  return { BillingMode: "PROVISIONED" as const, ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } }
}

export const tagsOf = (
  dynamodb: Service<DynamoDB>,
  ResourceArn: string | undefined,
  NextToken?: string,
): Effect.Effect<Tags.Tags, ProviderError> =>
  dynamodb((client, options) => client.listTagsOfResource({ ResourceArn, NextToken }, options)).pipe(
    Effect.flatMap((page) => {
      const tags = Tags.fromService(page.Tags)
      if (page.NextToken === undefined) return Effect.succeed(tags)
      return Effect.map(tagsOf(dynamodb, ResourceArn, page.NextToken), (rest) => [...tags, ...rest])
    }),
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
