/** AWS::DynamoDB::Table. Its native id is its name. Create, update and delete continue after they are answered. */
import type { DynamoDB, TableDescription } from "@aws-sdk/client-dynamodb"
import { Answer, defineResource, hasCode, knownTokens, Patch, Property, ProviderError } from "formae/plugin"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AwsClients, type Service } from "../AwsClients.ts"
import { lastRead, textOf } from "../LastRead.ts"
import { requireOwn, recoverByTag, withTags } from "../Ownership.ts"
import { factsOf, formatPlace, placeOf } from "../Place.ts"
import { TagKeys } from "../TagKeys.ts"
import * as Tags from "../Tags.ts"
import { Target } from "../Target.ts"
import {
  AttributeDefinitions,
  BillingMode,
  GlobalIndex,
  KeySchema,
  LocalIndex,
  nextChange,
  changedAttributeType,
  TimeToLive,
  toProjection,
  Units,
} from "./DynamoDbChanges.ts"
import { changeTags, describe, describeTable, tagsOf } from "./DynamoDbDescription.ts"
import { advance, goalOf } from "./DynamoDbUpdate.ts"
import { tableWork } from "./DynamoDbWork.ts"

const properties = Schema.Struct({
  TableName: Property.named({ letters: "any", separator: "-", maxLength: 255 })(
    Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9_.-]{3,255}$/u, { message: "Expected a table name" })),
  ),
  AttributeDefinitions: Property.keyedBy("AttributeName")(AttributeDefinitions),
  KeySchema: Property.createOnly(KeySchema),
  BillingMode: Property.defaultsTo("PROVISIONED")(Schema.optionalKey(BillingMode)),
  ProvisionedThroughput: Schema.optionalKey(Units),
  GlobalSecondaryIndexes: Schema.optionalKey(Schema.Array(GlobalIndex)).pipe(
    Property.keyedBy("IndexName"),
    Property.absentWhenEmpty,
  ),
  LocalSecondaryIndexes: Schema.optionalKey(Schema.Array(LocalIndex)).pipe(
    Property.createOnly,
    Property.keyedBy("IndexName"),
    Property.absentWhenEmpty,
  ),
  TimeToLiveSpecification: Property.defaultsTo({ Enabled: false })(Schema.optionalKey(TimeToLive)),
  Tags: Tags.property,
  Arn: Property.output(Schema.String),
})
type Table = typeof properties.Type

export const DynamoDbTable = defineResource({
  type: "AWS::DynamoDB::Table",
  properties,
  target: Target,
  idempotency: "name",
  identify: ({ properties: { TableName }, target }) =>
    Effect.map(placeOf(target), (place) => ({
      place: formatPlace(place, "region"),
      nativeId: TableName,
      facts: factsOf(place),
    })),
  create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const dynamodb = (yield* AwsClients).dynamodb(target)
    const table = properties.TableName
    const keys = yield* TagKeys
    yield* Tags.refuseHidden(properties.Tags, keys)
    yield* createTagged(dynamodb, properties, Tags.withOperation(properties.Tags, operationId, keys)).pipe(
      Effect.catchIf(hasCode("ResourceConflict"), (inUse) =>
        Effect.flatMap(describe(dynamodb, table), (details) => {
          // The name will be free once the deletion has ended.
          if (details.status === "DELETING") return Effect.fail(inUse)
          // While a table is being created, its tags may become visible later than the table.
          return details.status === "CREATING" && !Tags.hasCreator(details.tags, keys)
            ? Effect.fail(
                ProviderError.of(
                  "NotStabilized",
                  `The table ${table} is being created, and its tags do not show by which operation yet`,
                ),
              )
            : requireOwn({ subject: "The table", operationId, keys }, details)
        }),
      ),
    )
    return yield* createInProgress(properties)
  }),
  status: Effect.fnUntraced(function* ({ requestId, target }) {
    const dynamodb = (yield* AwsClients).dynamodb(target)
    const work = yield* tableWork.read(requestId)
    const { identity, operation, table } = work
    if (operation === "delete") {
      return yield* describeTable(dynamodb, table).pipe(
        Effect.map((present) =>
          identity === undefined || (identityOf(present) ?? identity) === identity
            ? Answer.inProgress({ requestId, nativeId: table })
            : Answer.deleted(table),
        ),
        Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Answer.deleted(table))),
      )
    }
    return yield* advance(dynamodb, work)
  }),
  recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const dynamodb = (yield* AwsClients).dynamodb(target)
    const table = properties.TableName
    const ownership = { subject: "The table", operationId, keys: yield* TagKeys, find: describe(dynamodb, table) }
    return yield* recoverByTag(ownership, () => createInProgress(properties))
  }),
  read: Effect.fnUntraced(function* ({ nativeId, target }) {
    const { properties, status } = yield* describe((yield* AwsClients).dynamodb(target), nativeId)
    // A table that somebody else is deleting is still described, for some seconds.
    if (status === "DELETING") return yield* ProviderError.of("NotFound", `The table ${nativeId} is being deleted`)
    return properties
  }),
  takesLastRead: true,
  update: Effect.fnUntraced(function* (request) {
    const { desired, nativeId, patch, target } = request
    const dynamodb = (yield* AwsClients).dynamodb(target)
    const tags = Tags.wanted({ desired, patch })
    const keys = yield* TagKeys
    yield* Tags.refuseHidden(tags, keys)
    const last = lastRead(request)
    if (last !== undefined && tags !== undefined && Tags.isAllOf(patch)) {
      yield* changeTags(dynamodb, yield* textOf(last, "Arn"), Tags.changes(last.tags, tags, keys))
      return Answer.succeeded(withTags(last, tags, keys))
    }
    const present = yield* describe(dynamodb, nativeId)
    const goal = goalOf({ desired, patch })
    const attribute = changedAttributeType(present.attributes, goal)
    if (attribute !== undefined) {
      return yield* ProviderError.of("NotUpdatable", `The type of the attribute ${attribute} cannot be changed`)
    }
    const billing = goal.BillingMode ?? present.capacity.BillingMode
    if (billing === "PROVISIONED" && Patch.isRemoved(patch, "ProvisionedThroughput")) {
      return yield* ProviderError.of(
        "InvalidRequest",
        "ProvisionedThroughput cannot be removed while BillingMode is PROVISIONED: give other units, or PAY_PER_REQUEST",
      )
    }
    if (tags !== undefined) yield* changeTags(dynamodb, present.arn, Tags.changes(present.tags, tags, keys))
    if (nextChange(present, goal) === undefined) {
      return Answer.succeeded(tags === undefined ? present : withTags(present, tags, keys))
    }
    return yield* advance(dynamodb, { operation: "update", table: nativeId, goal })
  }),
  delete: Effect.fnUntraced(function* ({ nativeId, target }) {
    const dynamodb = (yield* AwsClients).dynamodb(target)
    const answer = yield* dynamodb((client, options) => client.deleteTable({ TableName: nativeId }, options))
    const identity = identityOf(answer.TableDescription ?? {})
    const work = { operation: "delete", table: nativeId, ...(identity === undefined ? {} : { identity }) } as const
    return Answer.inProgress({ requestId: yield* tableWork.write(work), nativeId })
  }),
  // DynamoDB itself accepts any name as a page token, even if no table has it.
  list: knownTokens(
    Effect.fnUntraced(function* ({ pageSize = 100, pageToken, target }) {
      const dynamodb = (yield* AwsClients).dynamodb(target)
      const page = yield* dynamodb((client, options) =>
        client.listTables({ Limit: Math.min(pageSize, 100), ExclusiveStartTableName: pageToken }, options),
      )
      const nativeIds = (page.TableNames ?? []).map((name) => NativeId.make(name))
      const next = page.LastEvaluatedTableName
      return next === undefined ? { nativeIds } : { nativeIds, nextPageToken: next }
    }),
  ),
})

/** Distinguishes a table from earlier and later ones of its name. Not every DynamoDB returns ids. */
const identityOf = ({ CreationDateTime, TableId }: TableDescription): string | undefined =>
  TableId ?? CreationDateTime?.toISOString()

/** The answer to an accepted create. The time to live is set once the table exists. */
const createInProgress = Effect.fnUntraced(function* ({ TableName: table, TimeToLiveSpecification }: Table) {
  const goal = TimeToLiveSpecification?.Enabled === true ? { goal: { TimeToLiveSpecification } } : {}
  return Answer.inProgress({
    requestId: yield* tableWork.write({ operation: "create", table, ...goal }),
    nativeId: table,
  })
})

const createTagged = Effect.fnUntraced(function* (
  dynamodb: Service<DynamoDB>,
  properties: Table,
  tags: Array<Tags.Tag>,
) {
  const { AttributeDefinitions, BillingMode, KeySchema, ProvisionedThroughput, TableName } = properties
  const input = {
    AttributeDefinitions: [...AttributeDefinitions],
    KeySchema: [...KeySchema],
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(toIndex),
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes?.map(toIndex),
    Tags: tags,
  }
  const { TableDescription: table } = yield* dynamodb((client, options) =>
    client.createTable({ ...input, TableName, BillingMode, ProvisionedThroughput }, options),
  )
  // Emulators of DynamoDB may have ignored the tags. AWS has accepted them with the create, but may not list
  // them yet, and refuses new ones while it creates the table.
  const present = yield* tagsOf(dynamodb, table?.TableArn).pipe(Effect.orElseSucceed(() => tags))
  yield* Effect.ignore(changeTags(dynamodb, table?.TableArn, Tags.changes(present, tags, yield* TagKeys)))
})

/** An index as the SDK accepts it. */
const toIndex = <I extends typeof GlobalIndex.Type>({ KeySchema, Projection, ...index }: I) => ({
  ...index,
  KeySchema: [...KeySchema],
  Projection: toProjection(Projection),
})
