import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { readinessOf } from "../../../plugins/aws/src/types/DsqlCluster.ts"
import { layerFake, operationsOf, serviceError, tokenOf } from "./FakeClients.ts"

const { create, list, remove, status } = operationsOf("AWS::DSQL::Cluster")

const cluster = (status: string) => ({ identifier: "abc", arn: "arn:abc", status, deletionProtectionEnabled: false })

describe("a cluster", () => {
  it.for([
    ["ACTIVE", "Ready"],
    ["IDLE", "Ready"],
    ["CREATING", "NotReady"],
    ["UPDATING", "NotReady"],
  ] as const)("that is %s is %s", ([status, readiness]) => {
    assert.strictEqual(readinessOf({ nativeId: "abc", status }), readiness)
  })

  it.for(["FAILED", "DELETING", undefined])("that is %s has failed", (status) => {
    assert.propertyVal(readinessOf({ nativeId: "abc", status }), "_tag", "ProviderError")
  })

  it.effect("is requested with the same token each time the operation is repeated", () => {
    const tokens: Array<unknown> = []
    const dsql = {
      createCluster: ({ clientToken }: { readonly clientToken: string }) => {
        tokens.push(clientToken)
        return cluster("CREATING")
      },
      getCluster: () => cluster("CREATING"),
    }
    return Effect.gen(function* () {
      const first = yield* create({})
      assert.strictEqual(first._tag, "InProgress")
      assert.deepStrictEqual(yield* create({}), first)
      assert.strictEqual(new Set(tokens).size, 1)
      assert.match(String(tokens[0]), /^[0-9a-f]{64}$/)
    }).pipe(Effect.provide(layerFake({ dsql })))
  })

  it.effect("is deleted once it can no longer be found", () => {
    let looks = 0
    const dsql = {
      deleteCluster: () => cluster("DELETING"),
      getCluster: () => {
        if (looks++ > 0) throw serviceError("ResourceNotFoundException")
        return cluster("DELETING")
      },
    }
    return Effect.gen(function* () {
      const begun = yield* remove("abc")
      if (begun._tag !== "InProgress") throw new TypeError("Expected a delete in progress")
      assert.deepStrictEqual(yield* status(begun.requestId), begun)
      assert.strictEqual((yield* status(begun.requestId))._tag, "Succeeded")
    }).pipe(Effect.provide(layerFake({ dsql })))
  })

  it.effect("is listed page by page", () => {
    const dsql = {
      listClusters: ({ nextToken }: { readonly nextToken?: string }) =>
        nextToken === undefined
          ? { clusters: [cluster("ACTIVE")], nextToken: "more" }
          : { clusters: [{ ...cluster("ACTIVE"), identifier: "def" }] },
    }
    return Effect.gen(function* () {
      assert.deepStrictEqual(yield* list(), { nativeIds: [NativeId.make("abc")], nextPageToken: tokenOf("more") })
      assert.deepStrictEqual(yield* list(tokenOf("more")), { nativeIds: [NativeId.make("def")] })
    }).pipe(Effect.provide(layerFake({ dsql })))
  })

  it.effect.each(["nonsense", "{}", '{"operation":"explode","nativeId":"abc"}'])(
    "rejects the request id %j",
    (requestId) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(status(requestId).pipe(Effect.provide(layerFake({}))))
        assert.strictEqual(error.code, "UnforeseenError")
      }),
  )
})
