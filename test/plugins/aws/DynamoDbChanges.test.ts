import { assert, describe, it } from "@effect/vitest"
import {
  type Goal,
  nextChange,
  type TableState,
  changedAttributeType,
} from "../../../plugins/aws/src/types/DynamoDbChanges.ts"

const index = (IndexName: string, attribute = IndexName) => ({
  IndexName,
  KeySchema: [{ AttributeName: attribute, KeyType: "HASH" as const }],
  Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["a", "b"] },
})
const units = (ReadCapacityUnits: number) => ({ ReadCapacityUnits, WriteCapacityUnits: 1 })
const present: TableState = {
  capacity: { BillingMode: "PAY_PER_REQUEST" },
  indexes: [index("x"), index("y")],
  timeToLive: { Enabled: true, AttributeName: "expires" },
}
const provisioned: TableState = {
  ...present,
  capacity: { BillingMode: "PROVISIONED", ProvisionedThroughput: units(1) },
  indexes: [{ ...index("x"), ProvisionedThroughput: units(1) }],
}

describe("the next change of a table", () => {
  it("is undefined if the goal is empty or already reached", () => {
    const reordered = {
      ...index("x"),
      Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["b", "a"] },
    }
    const same: Goal = {
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexes: [index("y"), reordered],
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
    }
    for (const goal of [{}, same]) assert.isUndefined(nextChange(present, goal))
  })

  it("deletes an index before it creates one, even if the new index has the same name", () => {
    const goal: Goal = { GlobalSecondaryIndexes: [index("x", "other"), index("y"), index("z")] }
    const Delete = { IndexName: "x" }
    assert.deepStrictEqual(nextChange(present, goal), {
      _tag: "Table",
      input: { GlobalSecondaryIndexUpdates: [{ Delete }] },
    })
    const after = { ...present, indexes: [index("y")] }
    const next = nextChange(after, goal)
    assert.strictEqual(next?._tag === "Table" ? next.input.GlobalSecondaryIndexUpdates?.length : 0, 1)
    assert.containSubset(next, { input: { GlobalSecondaryIndexUpdates: [{ Create: { IndexName: "x" } }] } })
  })

  it("sets the units of each index together with those of the table", () => {
    const goal: Goal = {
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: units(5),
      GlobalSecondaryIndexes: [{ ...index("x"), ProvisionedThroughput: units(7) }, index("y")],
    }
    const updates = [units(7), units(5)].map((ProvisionedThroughput, at) => ({
      Update: { IndexName: ["x", "y"][at], ProvisionedThroughput },
    }))
    assert.deepStrictEqual(nextChange(present, goal), {
      _tag: "Table",
      input: {
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: units(5),
        GlobalSecondaryIndexUpdates: updates,
      },
    })
  })

  it("changes the units of one index, but not of a table that pays per request", () => {
    const goal: Goal = { GlobalSecondaryIndexes: [{ ...index("x"), ProvisionedThroughput: units(2) }] }
    const Update = { IndexName: "x", ProvisionedThroughput: units(2) }
    assert.deepStrictEqual(nextChange(provisioned, goal), {
      _tag: "Table",
      input: { GlobalSecondaryIndexUpdates: [{ Update }] },
    })
    assert.isUndefined(nextChange({ ...present, indexes: [index("x")] }, goal))
  })

  it("disables one time to live before it enables another", () => {
    const then = { Enabled: true as const, AttributeName: "until" }
    assert.deepStrictEqual(nextChange(present, { TimeToLiveSpecification: then }), {
      _tag: "TimeToLive",
      specification: { AttributeName: "expires", Enabled: false },
    })
    const ended = { ...present, timeToLive: { Enabled: false } as const }
    assert.deepStrictEqual(nextChange(ended, { TimeToLiveSpecification: then }), {
      _tag: "TimeToLive",
      specification: then,
    })
    assert.isUndefined(nextChange(ended, { TimeToLiveSpecification: { Enabled: false } }))
  })
})

describe("the attribute whose type would change", () => {
  it("is found only if an existing attribute gets another type", () => {
    const now = [{ AttributeName: "id", AttributeType: "S" as const }]
    const of = (AttributeType: "S" | "N") => [{ AttributeName: "id", AttributeType }]
    assert.isUndefined(changedAttributeType(now, {}))
    assert.isUndefined(
      changedAttributeType(now, { AttributeDefinitions: [...of("S"), { AttributeName: "at", AttributeType: "N" }] }),
    )
    assert.strictEqual(changedAttributeType(now, { AttributeDefinitions: of("N") }), "id")
  })
})
