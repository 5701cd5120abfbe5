import { assert, describe, it } from "@effect/vitest"
import { typedResource } from "../../src/protocol/TypedResource.ts"

describe("typedResource", () => {
  it("is the type alone: its TypeScript types have no values", () => {
    assert.deepEqual(Object.entries(typedResource("FakeAWS::S3::Bucket")), [["type", "FakeAWS::S3::Bucket"]])
  })

  it("refuses what is not a resource type", () => {
    assert.throws(() => typedResource("FakeAWS::Bucket"))
  })
})
