/** The way of a table to what it is to be: told one thing, asked until that is done, told the next. */
import type { DynamoDB } from "@aws-sdk/client-dynamodb"
import { Answer, Patch, ProviderError } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type { Service } from "../AwsClients.ts"
import { type Change, type Goal, nextChange } from "./DynamoDbChanges.ts"
import { describe, describeTable, isSettling } from "./DynamoDbDescription.ts"

/** What an update asks for. */
export const goalOf = (change: { readonly desired: Goal; readonly patch: UpdateRequest["patch"] }): Goal => {
  const { AttributeDefinitions, BillingMode, ProvisionedThroughput } = change.desired
  return Record.filter(
    {
      AttributeDefinitions,
      BillingMode,
      ProvisionedThroughput,
      GlobalSecondaryIndexes: Patch.wanted(change, "GlobalSecondaryIndexes", []),
      TimeToLiveSpecification: Patch.wanted(change, "TimeToLiveSpecification", { Enabled: false } as const),
    },
    Predicate.isNotUndefined,
  )
}

/** Tells DynamoDB the next thing when it is done with the last one, until the table is what it is to be. */
export const goOn = Effect.fnUntraced(function* (
  dynamodb: Service<DynamoDB>,
  requestId: string,
  table: string,
  goal: Goal,
) {
  const underWay = Answer.inProgress({ requestId, nativeId: table })
  const description = yield* describeTable(dynamodb, table)
  if (isSettling(description)) return underWay
  if (description.TableStatus !== "ACTIVE") {
    return yield* ProviderError.of(
      "GeneralServiceException",
      `The table ${table} is ${description.TableStatus}, and not ACTIVE`,
    )
  }
  const present = yield* describe(dynamodb, table)
  const next = nextChange(present, goal)
  if (next === undefined) return Answer.succeeded(present)
  yield* tell(dynamodb, table, next)
  return underWay
})

const tell = (dynamodb: Service<DynamoDB>, TableName: string, change: Change): Effect.Effect<unknown, ProviderError> =>
  change._tag === "Table"
    ? dynamodb((client, options) => client.updateTable({ TableName, ...change.input }, options))
    : dynamodb((client, options) =>
        client.updateTimeToLive({ TableName, TimeToLiveSpecification: change.specification }, options),
      )
