import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { dynalite } from "../emulators/dynalite.ts"
import { AwsEmulator, onEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const AttributeDefinitions = [
  { AttributeName: "customer", AttributeType: "S" },
  { AttributeName: "at", AttributeType: "N" },
  { AttributeName: "state", AttributeType: "S" },
]
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" })
const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" })
const byState = {
  IndexName: "by-state",
  KeySchema: [hash("state"), range("at")],
  Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["total"] },
}
const newest = {
  IndexName: "newest",
  KeySchema: [hash("customer"), range("state")],
  Projection: { ProjectionType: "KEYS_ONLY" },
}
const units = (ReadCapacityUnits: number) => ({ ReadCapacityUnits, WriteCapacityUnits: 1 })

const orders = (TableName: string) => ({
  TableName,
  AttributeDefinitions,
  KeySchema: [hash("customer"), range("at")],
  BillingMode: "PAY_PER_REQUEST",
  GlobalSecondaryIndexes: [byState],
  LocalSecondaryIndexes: [newest],
  Tags: [{ Key: "team", Value: "orders" }],
})

const indexedTable: Lifecycle = {
  type: "AWS::DynamoDB::Table",
  wanted: (name) =>
    Effect.succeed({
      ...orders(`orders-${name}`),
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    }),
  outputs: ({ Arn = "" }, name) => {
    assert.match(String(Arn), new RegExp(`^arn:aws:dynamodb:eu-central-1:\\d+:table/${name}$`))
    return { Arn }
  },
  change: {
    to: {
      GlobalSecondaryIndexes: [
        { ...byState, IndexName: "by-time", KeySchema: [hash("at")] },
        { ...byState, IndexName: "by-customer", KeySchema: [hash("customer")], Projection: { ProjectionType: "ALL" } },
      ],
      // Another key, because moto would keep both values of the same key.
      Tags: [{ Key: "cost", Value: "shop" }],
    },
    without: ["TimeToLiveSpecification"],
    read: { TimeToLiveSpecification: { Enabled: false } },
  },
}

onMoto("AWS::DynamoDB::Table with indexes on moto", (it) => {
  lifecycle(it, indexedTable)
  recovery(it, indexedTable)
  notTakenOver(it, indexedTable)

  it.effect("cannot change the type of an attribute", () =>
    Effect.gen(function* () {
      const table = callsOf("AWS::DynamoDB::Table", yield* AwsEmulator)
      const properties = yield* indexedTable.wanted("typed")
      const { nativeId } = yield* table.create(properties)
      const changedTypes = AttributeDefinitions.map((one) => ({ ...one, AttributeType: "B" }))
      const refused = yield* Effect.flip(table.update(nativeId, { ...properties, AttributeDefinitions: changedTypes }))
      assert.strictEqual(refused.code, "NotUpdatable")
    }),
  )

  it.effect("can change the attribute of its time to live", () =>
    Effect.gen(function* () {
      const table = callsOf("AWS::DynamoDB::Table", yield* AwsEmulator)
      const properties = yield* indexedTable.wanted("timed")
      const { nativeId } = yield* table.create(properties)
      const TimeToLiveSpecification = { AttributeName: "until", Enabled: true }
      const updated = yield* table.update(nativeId, { ...properties, TimeToLiveSpecification })
      assert.deepStrictEqual(updated.properties.TimeToLiveSpecification, TimeToLiveSpecification)
      const wrong = { ...properties, TimeToLiveSpecification: { Enabled: true } }
      assert.strictEqual((yield* Effect.flip(table.update(nativeId, wrong))).code, "InvalidRequest")
    }),
  )
})

onEmulator(dynalite(40), "AWS::DynamoDB::Table with indexes on dynalite with delays", (it) => {
  it.effect("is created with them, and pays per request or for units", () =>
    Effect.gen(function* () {
      const table = callsOf("AWS::DynamoDB::Table", yield* AwsEmulator)
      const created = yield* table.create(orders("orders"))
      assert.deepInclude(created.properties, {
        GlobalSecondaryIndexes: [byState],
        LocalSecondaryIndexes: [newest],
      })
      yield* table.delete("orders")

      const provisioned = (read: number) => ({
        ...orders("orders"),
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: units(read),
        GlobalSecondaryIndexes: [{ ...byState, ProvisionedThroughput: units(read + 1) }],
      })
      yield* table.create(provisioned(1), "op-again")
      const { properties } = yield* table.update("orders", provisioned(3))
      assert.deepInclude(properties, {
        ProvisionedThroughput: units(3),
        GlobalSecondaryIndexes: [{ ...byState, ProvisionedThroughput: units(4) }],
      })
    }),
  )

  it.effect("says what became of a create in progress", () =>
    Effect.gen(function* () {
      const table = callsOf("AWS::DynamoDB::Table", yield* AwsEmulator)
      const begun = yield* table.beginCreate(orders("slow"), "op-a")
      const recovered = yield* table.recover(orders("slow"), "op-a")
      assert.strictEqual(recovered.status === "InProgress" ? recovered.nativeId : "", begun.nativeId)
      const ended = yield* table.pollToEnd(begun)
      assert.deepStrictEqual(ended.properties, yield* table.read("slow"))
    }),
  )

  it.effect("does not wait for ever for the deletion of an index that the emulator accepts and never makes", () =>
    Effect.gen(function* () {
      const table = callsOf("AWS::DynamoDB::Table", yield* AwsEmulator)
      const { GlobalSecondaryIndexes: _, ...without } = orders("kept")
      yield* table.create(orders("kept"))
      const error = yield* Effect.flip(
        table.update("kept", without, [{ op: "remove", path: "/GlobalSecondaryIndexes" }]),
      )
      assert.strictEqual(error.code, "GeneralServiceException")
      assert.include(error.message, '"Delete":{"IndexName":"by-state"}')
    }),
  )

  it.effect.skip("adds and removes indexes (the emulator: dynalite has no index updates)", () => Effect.void)
})
