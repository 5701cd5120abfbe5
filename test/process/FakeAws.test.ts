import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { callsOn, fakeCloud, layerPlugins, operatorOf } from "./clouds.ts"

const vpc = "FakeAWS::EC2::VPC"

layer(layerPlugins, { excludeTestServices: true })("FakeAWS in its own process", (it) => {
  it.effect("creates, reads, updates, lists and deletes", () =>
    Effect.gen(function* () {
      const calls = callsOn(yield* operatorOf("FakeAWS"), vpc, yield* fakeCloud)
      const wanted = { CidrBlock: "10.0.0.0/16" }

      const created = yield* calls.create(wanted)
      if (created.status === "Failed") return assert.fail(created.failure.message)
      const { nativeId } = created
      assert.deepStrictEqual(yield* calls.read(nativeId), {
        status: "Succeeded",
        attempts: 1,
        nativeId,
        properties: { ...wanted, VpcId: nativeId },
      })

      const desired = { ...wanted, EnableDnsSupport: true }
      const updated = yield* calls.update(nativeId, wanted, desired)
      assert.deepStrictEqual(updated, {
        status: "Succeeded",
        attempts: 1,
        nativeId,
        properties: { ...desired, VpcId: nativeId },
      })

      assert.deepStrictEqual((yield* calls.list()).nativeIds, [nativeId])

      assert.strictEqual((yield* calls.delete(nativeId)).status, "Succeeded")
      const gone = yield* calls.read(nativeId)
      assert.strictEqual(gone.status, "Failed")
      assert.strictEqual(gone.status === "Failed" && gone.failure.code, "NotFound")
      assert.strictEqual((yield* calls.delete(nativeId)).status, "Succeeded")
    }),
  )

  it.effect("returns a list in pages", () =>
    Effect.gen(function* () {
      const calls = callsOn(yield* operatorOf("FakeAWS"), vpc, yield* fakeCloud)
      yield* Effect.forEach([0, 1, 2, 3, 4], (i) => calls.create({ CidrBlock: `10.${i}.0.0/16` }), {
        concurrency: "unbounded",
      })
      const first = yield* calls.list({ pageSize: 3 })
      assert.lengthOf(first.nativeIds, 3)
      assert.isDefined(first.nextPageToken)
      const second = yield* calls.list({ pageSize: 3, pageToken: first.nextPageToken ?? "" })
      assert.lengthOf(second.nativeIds, 2)
      assert.isUndefined(second.nextPageToken)
      assert.lengthOf([...new Set([...first.nativeIds, ...second.nativeIds])], 5)
    }),
  )

  it.effect("creates 50 resources at once", () =>
    Effect.gen(function* () {
      const calls = callsOn(yield* operatorOf("FakeAWS"), vpc, yield* fakeCloud)
      const blocks = Array.from({ length: 50 }, (_, i) => `10.${i}.0.0/16`)
      const results = yield* Effect.forEach(blocks, (CidrBlock) => calls.create({ CidrBlock }), {
        concurrency: "unbounded",
      })
      assert.deepStrictEqual(
        results.map((result) => (result.status === "Succeeded" ? result.properties["CidrBlock"] : result.failure)),
        blocks,
      )
      assert.lengthOf((yield* calls.list({ pageSize: 100 })).nativeIds, 50)
    }),
  )
})
