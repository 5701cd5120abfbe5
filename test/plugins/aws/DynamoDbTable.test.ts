import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"

const { create, remove, status } = operationsOf("AWS::DynamoDB::Table")

const orders = { TableName: "orders", AttributeDefinitions: [], KeySchema: [] }
const tagOf = (operation: string) => ({ Key: "formae:operation-id", Value: operation })
const table = (TableStatus: string, TableId = "first") => ({
  Table: { TableName: "orders", TableArn: "arn:orders", TableStatus, TableId },
})

/** A name that is taken by a table in this state and with these tags. */
const takenName = (TableStatus: string, Tags: ReadonlyArray<unknown>) =>
  layerFake({
    dynamodb: {
      createTable: () => {
        throw serviceError("ResourceInUseException")
      },
      describeTable: () => table(TableStatus),
      listTagsOfResource: () => ({ Tags }),
      describeTimeToLive: () => ({}),
    },
  })

describe("creating a table whose name is taken", () => {
  it.effect.each([
    ["CREATING", [], "NotStabilized"],
    ["CREATING", [tagOf("op-b")], "AlreadyExists"],
    ["ACTIVE", [], "AlreadyExists"],
    ["ACTIVE", [tagOf("op-b")], "AlreadyExists"],
    ["DELETING", [], "ResourceConflict"],
  ] as const)("by a table that is %s and has the tags %j fails with %s", ([state, tags, code]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(create(orders).pipe(Effect.provide(takenName(state, tags))))
      assert.strictEqual(error.code, code)
    }),
  )

  it.effect("succeeds if the tag shows that the table is our own", () =>
    Effect.gen(function* () {
      const answer = yield* create(orders).pipe(Effect.provide(takenName("CREATING", [tagOf("op-a")])))
      assert.deepInclude(answer, { _tag: "InProgress", nativeId: NativeId.make("orders") })
    }),
  )
})

describe("deleting a table", () => {
  const deleting = (described: ReturnType<typeof table>) =>
    Effect.gen(function* () {
      const begun = yield* remove(NativeId.make("orders"))
      return begun._tag === "InProgress" ? yield* status(begun.requestId) : begun
    }).pipe(
      Effect.provide(
        layerFake({
          dynamodb: {
            deleteTable: () => ({ TableDescription: table("DELETING").Table }),
            describeTable: () => described,
          },
        }),
      ),
    )

  it.effect("is in progress while the table exists, even if the service does not report the deletion yet", () =>
    Effect.gen(function* () {
      for (const state of ["DELETING", "ACTIVE"]) {
        assert.strictEqual((yield* deleting(table(state)))._tag, "InProgress")
      }
    }),
  )

  it.effect("has ended once another table has its name", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* deleting(table("ACTIVE", "second")))._tag, "Succeeded")
    }),
  )

  it.effect("continues from a request id that an earlier version wrote", () =>
    Effect.gen(function* () {
      const answer = yield* status('{"operation":"delete","table":"orders"}').pipe(
        Effect.provide(layerFake({ dynamodb: { describeTable: () => table("ACTIVE") } })),
      )
      assert.strictEqual(answer._tag, "InProgress")
    }),
  )
})

describe("updating a table whose indexes are to go", () => {
  const index = (IndexName: string) => ({ IndexName, IndexStatus: "ACTIVE", KeySchema: [] })
  const begun = '{"operation":"update","table":"orders","goal":{"GlobalSecondaryIndexes":[]}}'

  /** A table whose service accepts each deletion of an index, and does it when it was asked so often. */
  const after = (times: number) => {
    const indexes = [index("a"), index("b")]
    let asked = 0
    const service = layerFake({
      dynamodb: {
        describeTable: () => ({ Table: { ...table("ACTIVE").Table, GlobalSecondaryIndexes: [...indexes] } }),
        listTagsOfResource: () => ({}),
        describeTimeToLive: () => ({}),
        updateTable: () => {
          asked++
          if (asked % times === 0) indexes.shift()
          return {}
        },
      },
    })
    return { service, asked: () => asked }
  }

  /** The answer after so many polls that the work must have ended by then. */
  const toEnd = Effect.gen(function* () {
    let answer = yield* status(begun)
    for (let polls = 0; polls < 50 && answer._tag === "InProgress"; polls++) answer = yield* status(answer.requestId)
    return answer
  })

  it.effect("fails if the service accepts the same change again and again, and does nothing", () =>
    Effect.gen(function* () {
      const { asked, service } = after(1_000)
      const error = yield* Effect.flip(toEnd.pipe(Effect.provide(service)))
      assert.strictEqual(error.code, "GeneralServiceException")
      assert.strictEqual(
        error.message,
        'DynamoDB has accepted the same change of the table orders 5 times, and has not made it: {"GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"a"}}]}. Look at the table, then apply again',
      )
      assert.strictEqual(asked(), 5)
    }),
  )

  it.effect.each([1, 5])("succeeds if each change shows after it was accepted %i times", (times) =>
    Effect.gen(function* () {
      const { asked, service } = after(times)
      assert.strictEqual((yield* toEnd.pipe(Effect.provide(service)))._tag, "Succeeded")
      assert.strictEqual(asked(), 2 * times)
    }),
  )
})
