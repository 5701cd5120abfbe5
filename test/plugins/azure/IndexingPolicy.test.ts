import type { IndexingMode } from "@azure/cosmos"
import { assert, describe, it } from "@effect/vitest"
import { indexingPolicyOf, servicePolicyOf } from "../../../plugins/azure/src/types/IndexingPolicy.ts"

describe("an indexing policy", () => {
  it("is read back without what Cosmos DB adds to it", () => {
    const wanted = {
      indexingMode: "consistent",
      automatic: true,
      includedPaths: [{ path: "/*" }],
      excludedPaths: [{ path: "/raw/*" }],
      compositeIndexes: [[{ path: "/a", order: "ascending" }]],
    } as const
    const kept = {
      ...servicePolicyOf(wanted),
      includedPaths: [{ path: "/*", indexes: [] }],
      excludedPaths: [{ path: "/raw/*" }, { path: `/"_etag"/?` }],
      spatialIndexes: [],
    }
    assert.deepEqual(indexingPolicyOf(kept), wanted)
  })

  it("with only a mode stays that way", () => {
    assert.deepEqual(servicePolicyOf({ indexingMode: "none" }), { indexingMode: "none" as IndexingMode })
    assert.deepEqual(indexingPolicyOf({ indexingMode: "none" as IndexingMode }), { indexingMode: "none" })
  })
})
