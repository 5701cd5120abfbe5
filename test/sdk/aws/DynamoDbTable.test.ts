import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Emulator } from "../emulators/Emulator.ts"
import { dynalite } from "../emulators/dynalite.ts"
import { needsMoto } from "../emulators/moto.ts"
import { AwsEmulator, emulated, emulatedByMoto } from "./AwsEmulator.ts"
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

/** What is not spoken of. */
const kept = { TimeToLiveSpecification: { Enabled: false } }

const suite = (name: string, on: typeof emulatedByMoto) =>
  layer(on, { excludeTestServices: true })(name, (it) => {
    it.effect("goes on from a create that the same operation began, and from no other", () =>
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

    it.effect("is listed by pages", () =>
      Effect.gen(function* () {
        const table = tables(yield* AwsEmulator)
        const names = ["list-a", "list-b", "list-c"]
        yield* Effect.forEach(names, (name) => table.create(orders(name)), { concurrency: "unbounded" })
        const listed = yield* table.list(2)
        assert.deepStrictEqual(listed.filter((name) => name.startsWith("list-")).toSorted(), names)
      }),
    )
  })

suite("AWS::DynamoDB::Table on dynalite", emulated(dynalite(60)))
describe("with moto", needsMoto, () => suite("AWS::DynamoDB::Table on moto", emulatedByMoto))

layer(emulated(dynalite(60)), { excludeTestServices: true })(
  "AWS::DynamoDB::Table on dynalite, which takes its time",
  (it) => {
    it.effect("is created, read, changed and deleted", () =>
      Effect.gen(function* () {
        const table = tables(yield* AwsEmulator)
        const begun = yield* table.beginCreate({ ...orders("orders"), Tags: tags })
        assert.strictEqual(begun._tag, "InProgress")
        assert.strictEqual(begun.nativeId, "orders")

        const created = yield* table.pollToEnd(begun)
        const { Arn, ...set } = yield* table.read("orders")
        assert.match(String(Arn), /^arn:aws:dynamodb:.*:table\/orders$/)
        assert.deepStrictEqual(set, { ...orders("orders"), ...kept, Tags: tags })
        assert.deepStrictEqual(created.properties, { ...set, Arn: Arn ?? null })

        const provisioned = { ...orders("orders"), ...units(2, 1), Tags: [{ Key: "team", Value: "shipping" }] }
        for (const _ of ["first", "repeated"]) {
          const { Arn: _arn, ...updated } = (yield* table.update("orders", provisioned)).properties
          assert.deepStrictEqual(updated, { ...provisioned, ...kept })
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

    it.effect("that the service finds wrong is an invalid request, in its words", () =>
      Effect.gen(function* () {
        const table = tables(yield* AwsEmulator)
        const refused = yield* Effect.flip(table.create({ ...orders("wrong"), KeySchema: [] }))
        assert.strictEqual(refused.code, "InvalidRequest")
        assert.match(refused.message, /^DynamoDB: Validation: .*keySchema/)
      }),
    )
  },
)

// Its deletions outlast any test, so that there is no race with the end of one.
layer(emulated(dynalite(0, 3_600_000)), { excludeTestServices: true })(
  "AWS::DynamoDB::Table on dynalite, which never ends a deletion",
  (it) => {
    it.effect("waits for a name that is being given back", () =>
      Effect.gen(function* () {
        const table = tables(yield* AwsEmulator)
        yield* table.create(orders("parcel"), "op-a")
        yield* table.beginDelete("parcel")
        const refused = yield* Effect.flip(table.beginCreate(orders("parcel"), "op-b"))
        assert.strictEqual(refused.code, "ResourceConflict")
      }),
    )
  },
)
