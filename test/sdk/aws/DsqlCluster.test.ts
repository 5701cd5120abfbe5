import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { slowClusters } from "../emulators/motoApi.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle } from "./lifecycle.ts"

const cluster: Lifecycle = {
  type: "AWS::DSQL::Cluster",
  isNamed: false,
  region: "us-east-1",
  wanted: () =>
    Effect.succeed({
      DeletionProtectionEnabled: false,
      Tags: [
        { Key: "Name", Value: "orders" },
        { Key: "team", Value: "orders" },
      ],
    }),
  outputs: ({ Endpoint = "", ResourceArn = "" }, Identifier) => {
    assert.match(String(ResourceArn), new RegExp(`^arn:aws:dsql:us-east-1:\\d+:cluster/${Identifier}$`))
    return { Endpoint, Identifier, ResourceArn }
  },
  change: { to: { DeletionProtectionEnabled: true } },
  limitations: {
    repeat: "moto creates a cluster for each create, whatever its token",
    list: "moto has no ListClusters",
    change: "moto has no UpdateCluster",
  },
}

onMoto("AWS::DSQL::Cluster on moto", (it) => {
  lifecycle(it, cluster)

  it.effect("is polled by its request id until it is ready", () =>
    Effect.gen(function* () {
      yield* slowClusters(yield* AwsEmulator, 4)
      const calls = callsOf("AWS::DSQL::Cluster", yield* AwsEmulator, "us-east-1")
      const begun = yield* calls.beginCreate({})
      assert.strictEqual(begun._tag, "InProgress")
      assert.match(String(begun.nativeId), /^\w{26}$/)
      const ready = yield* calls.pollToEnd(begun)
      assert.strictEqual(ready.nativeId, begun.nativeId)
      assert.strictEqual(ready.properties.DeletionProtectionEnabled, true)
      yield* calls.delete(ready.nativeId)
    }),
  )
})
