import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerPlayed, operationsOf, serviceError } from "./FakeClients.ts"

const { create, remove, status } = operationsOf("AWS::DynamoDB::Table")

const orders = { TableName: "orders", AttributeDefinitions: [], KeySchema: [] }
const tagOf = (operation: string) => ({ Key: "formae:operation-id", Value: operation })
const table = (TableStatus: string, TableId = "first") => ({
  Table: { TableName: "orders", TableArn: "arn:orders", TableStatus, TableId },
})

/** A name that is taken, by a table in this state and with these tags. */
const taken = (TableStatus: string, Tags: ReadonlyArray<unknown>) =>
  layerPlayed({
    dynamodb: {
      createTable: () => {
        throw serviceError("ResourceInUseException")
      },
      describeTable: () => table(TableStatus),
      listTagsOfResource: () => ({ Tags }),
      describeTimeToLive: () => ({}),
    },
  })

describe("a table whose name is taken", () => {
  it.effect.each([
    ["CREATING", [], "NotStabilized"],
    ["CREATING", [tagOf("op-b")], "AlreadyExists"],
    ["ACTIVE", [], "AlreadyExists"],
    ["ACTIVE", [tagOf("op-b")], "AlreadyExists"],
    ["DELETING", [], "ResourceConflict"],
  ] as const)("%s with the tags %j: %s", ([state, tags, code]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(create(orders).pipe(Effect.provide(taken(state, tags))))
      assert.strictEqual(error.code, code)
    }),
  )

  it.effect("is ours where its tag says so", () =>
    Effect.gen(function* () {
      const answer = yield* create(orders).pipe(Effect.provide(taken("CREATING", [tagOf("op-a")])))
      assert.deepInclude(answer, { _tag: "InProgress", nativeId: NativeId.make("orders") })
    }),
  )
})

describe("a delete of a table", () => {
  const deleting = (described: ReturnType<typeof table>) =>
    Effect.gen(function* () {
      const begun = yield* remove(NativeId.make("orders"))
      return begun._tag === "InProgress" ? yield* status(begun.requestId) : begun
    }).pipe(
      Effect.provide(
        layerPlayed({
          dynamodb: {
            deleteTable: () => ({ TableDescription: table("DELETING").Table }),
            describeTable: () => described,
          },
        }),
      ),
    )

  it.effect("goes on while it is there, also where the service does not say yet that it goes", () =>
    Effect.gen(function* () {
      for (const state of ["DELETING", "ACTIVE"]) {
        assert.strictEqual((yield* deleting(table(state)))._tag, "InProgress")
      }
    }),
  )

  it.effect("has ended when another one has its name", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* deleting(table("ACTIVE", "second")))._tag, "Succeeded")
    }),
  )

  it.effect("goes on from a request id that an earlier version wrote", () =>
    Effect.gen(function* () {
      const answer = yield* status('{"operation":"delete","table":"orders"}').pipe(
        Effect.provide(layerPlayed({ dynamodb: { describeTable: () => table("ACTIVE") } })),
      )
      assert.strictEqual(answer._tag, "InProgress")
    }),
  )
})
