import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Emulator } from "../emulators/Emulator.ts"
import { dynalite } from "../emulators/dynalite.ts"
import { AwsEmulator, type AwsTests, onEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"

const tables = (emulator: Emulator) => callsOf("AWS::DynamoDB::Table", emulator)

const orders = (TableName: string) => ({
  TableName,
  AttributeDefinitions: [
    { AttributeName: "customer", AttributeType: "S" },
    { AttributeName: "at", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "customer", KeyType: "HASH" },
    { AttributeName: "at", KeyType: "RANGE" },
  ],
  BillingMode: "PAY_PER_REQUEST",
})
const units = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  BillingMode: "PROVISIONED",
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
})
const tags = [
  { Key: "cost", Value: "shop" },
  { Key: "team", Value: "orders" },
]

/** Read although nothing was said about it. */
const defaults = { TimeToLiveSpecification: { Enabled: false } }

const tests: AwsTests = (it) => {
  it.effect("continues a create that the same operation began, but not one of another operation", () =>
    Effect.gen(function* () {
      const table = tables(yield* AwsEmulator)
      yield* table.beginCreate(orders("basket"), "op-a")
      const repeated = yield* table.create(orders("basket"), "op-a")
      assert.strictEqual(repeated.nativeId, "basket")
      const foreign = yield* Effect.flip(table.create(orders("basket"), "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.include(foreign.message, "basket")
    }),
  )

  it.effect("is listed page by page", () =>
    Effect.gen(function* () {
      const table = tables(yield* AwsEmulator)
      const names = ["list-a", "list-b", "list-c"]
      yield* Effect.forEach(names, (name) => table.create(orders(name)), { concurrency: "unbounded" })
      const listed = yield* table.list(2)
      assert.deepStrictEqual(listed.filter((name) => name.startsWith("list-")).toSorted(), names)
    }),
  )
}

onEmulator(dynalite(60), "AWS::DynamoDB::Table on dynalite", tests)
onMoto("AWS::DynamoDB::Table on moto", tests)

onEmulator(dynalite(60), "AWS::DynamoDB::Table on dynalite with delays", (it) => {
  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const table = tables(yield* AwsEmulator)
      const begun = yield* table.beginCreate({ ...orders("orders"), Tags: tags })
      assert.strictEqual(begun._tag, "InProgress")
      assert.strictEqual(begun.nativeId, "orders")

      const created = yield* table.pollToEnd(begun)
      const { Arn, ...set } = yield* table.read("orders")
      assert.match(String(Arn), /^arn:aws:dynamodb:.*:table\/orders$/)
      assert.deepStrictEqual(set, { ...orders("orders"), ...defaults, Tags: tags })
      assert.deepStrictEqual(created.properties, { ...set, Arn: Arn ?? null })

      const provisioned = { ...orders("orders"), ...units(2, 1), Tags: [{ Key: "team", Value: "shipping" }] }
      for (const _ of ["first", "repeated"]) {
        const { Arn: _arn, ...updated } = (yield* table.update("orders", provisioned)).properties
        assert.deepStrictEqual(updated, { ...provisioned, ...defaults })
      }
      const untouched = yield* table.update("orders", { ...orders("orders"), ...units(3, 3) })
      assert.deepStrictEqual(untouched.properties.Tags, provisioned.Tags)
      const untagged = yield* table.update("orders", { ...orders("orders"), ...units(3, 3) }, [
        { op: "remove", path: "/Tags" },
      ])
      assert.deepStrictEqual(untagged.properties.Tags, [])

      assert.deepStrictEqual((yield* table.delete("orders")).properties, {})
      assert.strictEqual((yield* Effect.flip(table.read("orders"))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(table.delete("orders"))).code, "NotFound")
    }),
  )

  it.effect("that the service rejects is an invalid request, with the service's message", () =>
    Effect.gen(function* () {
      const table = tables(yield* AwsEmulator)
      const refused = yield* Effect.flip(table.create({ ...orders("wrong"), KeySchema: [] }))
      assert.strictEqual(refused.code, "InvalidRequest")
      assert.match(refused.message, /^DynamoDB: Validation: .*keySchema/)
    }),
  )
})

// Its deletions outlast any test, so that no test races with the end of a deletion.
onEmulator(dynalite(0, 3_600_000), "AWS::DynamoDB::Table on dynalite with endless deletions", (it) => {
  it.effect("conflicts with a table that is being deleted", () =>
    Effect.gen(function* () {
      const table = tables(yield* AwsEmulator)
      yield* table.create(orders("parcel"), "op-a")
      yield* table.beginDelete("parcel")
      const refused = yield* Effect.flip(table.beginCreate(orders("parcel"), "op-b"))
      assert.strictEqual(refused.code, "ResourceConflict")
    }),
  )

  it.effect("does not exist any more once its deletion has begun", () =>
    Effect.gen(function* () {
      const table = tables(yield* AwsEmulator)
      yield* table.create(orders("letter"))
      yield* table.beginDelete("letter")
      assert.strictEqual((yield* Effect.flip(table.read("letter"))).code, "NotFound")
    }),
  )
})
