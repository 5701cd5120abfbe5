/** The changes that lead a table to its goal, one at a time, because DynamoDB accepts no more at once. */
import type { UpdateTableInput } from "@aws-sdk/client-dynamodb"
import { Property } from "formae/plugin"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"

export const Units = Schema.Struct({
  ReadCapacityUnits: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  WriteCapacityUnits: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
})
export const AttributeDefinitions = Schema.Array(
  Schema.Struct({
    AttributeName: Schema.NonEmptyString,
    AttributeType: Property.createOnly(Schema.Literals(["S", "N", "B"])),
  }),
)
export const KeySchema = Schema.Array(
  Schema.Struct({ AttributeName: Schema.NonEmptyString, KeyType: Schema.Literals(["HASH", "RANGE"]) }),
)
export const BillingMode = Schema.Literals(["PROVISIONED", "PAY_PER_REQUEST"])

const index = {
  IndexName: Schema.NonEmptyString,
  KeySchema,
  Projection: Schema.Struct({
    ProjectionType: Property.defaultsTo("ALL")(Schema.optionalKey(Schema.Literals(["ALL", "KEYS_ONLY", "INCLUDE"]))),
    NonKeyAttributes: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)).pipe(
      Property.distinct,
      Property.absentWhenEmpty,
    ),
  }),
}
export const LocalIndex = Schema.Struct(index)
export const GlobalIndex = Schema.Struct({ ...index, ProvisionedThroughput: Schema.optionalKey(Units) })

/** While time to live is disabled, DynamoDB does not remember its attribute. */
export const TimeToLive = Schema.Union([
  Schema.Struct({ Enabled: Schema.Literal(true), AttributeName: Schema.NonEmptyString }),
  Schema.Struct({ Enabled: Schema.Literal(false) }),
])
type TimeToLive = typeof TimeToLive.Type

/** What a table is to become. What the goal leaves out does not change. */
export const Goal = Schema.Struct({
  AttributeDefinitions: Schema.optionalKey(AttributeDefinitions),
  BillingMode: Schema.optionalKey(BillingMode),
  ProvisionedThroughput: Schema.optionalKey(Units),
  GlobalSecondaryIndexes: Schema.optionalKey(Schema.Array(GlobalIndex)),
  TimeToLiveSpecification: Schema.optionalKey(TimeToLive),
})
export type Goal = typeof Goal.Type

type Capacity = Pick<Required<Goal>, "BillingMode"> & {
  readonly ProvisionedThroughput?: { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number }
}

/** What a table is now. */
export interface TableState {
  readonly capacity: Capacity
  readonly indexes: ReadonlyArray<typeof GlobalIndex.Type>
  readonly timeToLive: TimeToLive
}

export type Change =
  | { readonly _tag: "Table"; readonly input: Omit<UpdateTableInput, "TableName"> }
  | {
      readonly _tag: "TimeToLive"
      readonly specification: { readonly AttributeName: string; readonly Enabled: boolean }
    }

/** The next change, or undefined if the table has reached its goal: DynamoDB rejects an update that changes nothing. */
export const nextChange = (present: TableState, goal: Goal): Change | undefined => {
  const input = indexDeletion(present, goal) ?? capacityChange(present, goal) ?? indexChange(present, goal)
  return input === undefined
    ? timeToLiveChange(present.timeToLive, goal.TimeToLiveSpecification)
    : { _tag: "Table", input }
}

/** The first attribute whose type would change, which DynamoDB does not allow. */
export const changedAttributeType = (
  present: ReadonlyArray<{ readonly AttributeName?: string | undefined; readonly AttributeType?: string | undefined }>,
  { AttributeDefinitions: wanted = [] }: Goal,
): string | undefined =>
  wanted.find(({ AttributeName, AttributeType }) =>
    present.some((one) => one.AttributeName === AttributeName && one.AttributeType !== AttributeType),
  )?.AttributeName

type Input = Omit<UpdateTableInput, "TableName"> | undefined

const indexDeletion = ({ indexes }: TableState, { GlobalSecondaryIndexes: wanted = indexes }: Goal): Input => {
  const superfluous = indexes.find(
    (now) => !wanted.some((then) => now.IndexName === then.IndexName && Equal.equals(shapeOf(now), shapeOf(then))),
  )
  return superfluous && { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: superfluous.IndexName } }] }
}

/** The part of an index that cannot be changed, in a fixed order. */
const shapeOf = ({ KeySchema, Projection }: typeof GlobalIndex.Type) => ({
  keys: KeySchema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).toSorted(),
  projection: Projection.ProjectionType ?? "ALL",
  attributes: (Projection.NonKeyAttributes ?? []).toSorted(),
})

const capacityChange = ({ capacity, indexes }: TableState, goal: Goal): Input => {
  const units = goal.ProvisionedThroughput
  const billing = goal.BillingMode ?? (units === undefined ? capacity.BillingMode : "PROVISIONED")
  const sameUnits = units === undefined || Equal.equals(units, capacity.ProvisionedThroughput)
  if (billing === capacity.BillingMode && sameUnits) return undefined
  const provisioned = billing === "PROVISIONED" && capacity.BillingMode !== "PROVISIONED" && indexes.length > 0
  return {
    BillingMode: billing,
    ProvisionedThroughput: units,
    // The indexes must get their units in the same update as the table.
    ...(provisioned && {
      GlobalSecondaryIndexUpdates: indexes.map(({ IndexName }) => ({
        Update: { IndexName, ProvisionedThroughput: unitsOf(goal, IndexName) ?? units },
      })),
    }),
  }
}

const unitsOf = ({ GlobalSecondaryIndexes = [] }: Goal, name: string) =>
  GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === name)?.ProvisionedThroughput

const indexChange = ({ capacity, indexes }: TableState, goal: Goal): Input => {
  for (const { IndexName, KeySchema, Projection, ProvisionedThroughput } of goal.GlobalSecondaryIndexes ?? []) {
    const now = indexes.find((index) => index.IndexName === IndexName)
    if (now === undefined) {
      const Create = {
        IndexName,
        KeySchema: [...KeySchema],
        Projection: toProjection(Projection),
        ProvisionedThroughput,
      }
      return {
        AttributeDefinitions: goal.AttributeDefinitions && [...goal.AttributeDefinitions],
        GlobalSecondaryIndexUpdates: [{ Create }],
      }
    }
    const isProvisioned = capacity.BillingMode === "PROVISIONED" && ProvisionedThroughput !== undefined
    if (isProvisioned && !Equal.equals(now.ProvisionedThroughput, ProvisionedThroughput)) {
      return { GlobalSecondaryIndexUpdates: [{ Update: { IndexName, ProvisionedThroughput } }] }
    }
  }
  return undefined
}

/** A projection as the SDK accepts it. */
export const toProjection = ({ NonKeyAttributes, ProjectionType }: (typeof GlobalIndex.Type)["Projection"]) => ({
  ProjectionType,
  ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes: [...NonKeyAttributes] }),
})

const timeToLiveChange = (now: TimeToLive, then: TimeToLive | undefined): Change | undefined => {
  if (then === undefined || Equal.equals(now, then)) return undefined
  // Another attribute can be used only once this one is no longer in use.
  if (now.Enabled) {
    return { _tag: "TimeToLive", specification: { AttributeName: now.AttributeName, Enabled: false } }
  }
  return then.Enabled ? { _tag: "TimeToLive", specification: then } : undefined
}
