/** Leads a table to its goal: requests one change, waits until it is done, then requests the next. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb"
import { Answer, Patch, ProviderError } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type { Service } from "../AwsClients.ts"
import { type Change, type Goal, nextChange } from "./DynamoDbChanges.ts"
import { describeTable, detailsOf, isBusy } from "./DynamoDbDescription.ts"
import { type TableWork, tableWork, textOf, withAccepted } from "./DynamoDbWork.ts"

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
export const advance = Effect.fnUntraced(function* (dynamodb: Service<DynamoDB>, work: TableWork) {
  const { goal = {}, table } = work
  const description = yield* describeTable(dynamodb, table)
  if (isBusy(description)) return yield* inProgress(work)
  if (description.TableStatus !== "ACTIVE") {
    return yield* ProviderError.of(
      "GeneralServiceException",
      `The table ${table} is ${description.TableStatus}, not ACTIVE`,
    )
  }
  const present = yield* detailsOf(dynamodb, table, description)
  const next = nextChange(present, goal)
  if (next === undefined) return Answer.succeeded(present)
  const accepted = withAccepted(work, next)
  if ("inVain" in accepted) {
    return yield* ProviderError.of(
      "GeneralServiceException",
      `DynamoDB has accepted the same change of the table ${table} ${accepted.inVain} times, and has not made it: ${textOf(next)}. Look at the table, then apply again`,
    )
  }
  yield* requestChange(dynamodb, table, next)
  return yield* inProgress(accepted.work)
})

const inProgress = (work: TableWork) =>
  Effect.map(tableWork.write(work), (requestId) => Answer.inProgress({ requestId, nativeId: work.table }))

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
