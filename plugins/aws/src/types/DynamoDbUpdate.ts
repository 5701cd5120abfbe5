/** Leads a table to its goal: requests one change, waits until it is done, then requests the next. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb"
import { Answer, Patch, ProviderError } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type { Service } from "../AwsClients.ts"
import { type Change, type Goal, nextChange } from "./DynamoDbChanges.ts"
import { describe, describeTable, isBusy } from "./DynamoDbDescription.ts"

/** The goal of an update. */
export const goalOf = (change: { readonly desired: Goal; readonly patch: UpdateRequest["patch"] }): Goal => {
  const { AttributeDefinitions, ProvisionedThroughput } = change.desired
  const BillingMode =
    change.desired.BillingMode ?? (Patch.isRemoved(change.patch, "BillingMode") ? "PROVISIONED" : undefined)
  return Record.filter(
    {
      AttributeDefinitions,
      BillingMode,
      ProvisionedThroughput,
      // Also where the indexes stay: they get their units together with the table.
      GlobalSecondaryIndexes:
        change.desired.GlobalSecondaryIndexes ??
        (Patch.isRemoved(change.patch, "GlobalSecondaryIndexes") ? [] : undefined),
      TimeToLiveSpecification: Patch.wanted(change, "TimeToLiveSpecification", { Enabled: false } as const),
    },
    Predicate.isNotUndefined,
  )
}

/** Requests the next change once the last one is done. Succeeds when the table has reached its goal. */
export const advance = Effect.fnUntraced(function* (
  dynamodb: Service<DynamoDB>,
  requestId: string,
  table: string,
  goal: Goal,
) {
  const inProgress = Answer.inProgress({ requestId, nativeId: table })
  const description = yield* describeTable(dynamodb, table)
  if (isBusy(description)) return inProgress
  if (description.TableStatus !== "ACTIVE") {
    return yield* ProviderError.of(
      "GeneralServiceException",
      `The table ${table} is ${description.TableStatus}, not ACTIVE`,
    )
  }
  const present = yield* describe(dynamodb, table)
  const next = nextChange(present, goal)
  if (next === undefined) return Answer.succeeded(present)
  yield* requestChange(dynamodb, table, next)
  return inProgress
})

const requestChange = (
  dynamodb: Service<DynamoDB>,
  TableName: string,
  change: Change,
): Effect.Effect<unknown, ProviderError> =>
  change._tag === "Table"
    ? dynamodb((client, options) => client.updateTable({ TableName, ...change.input }, options))
    : dynamodb((client, options) =>
        client.updateTimeToLive({ TableName, TimeToLiveSpecification: change.specification }, options),
      )
