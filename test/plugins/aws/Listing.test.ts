import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { allPages, toListPage, clampPageSize } from "../../../plugins/aws/src/Listing.ts"

describe("a page", () => {
  it("has no next page if the token is empty, and skips missing ids", () => {
    for (const next of [undefined, ""]) {
      assert.deepStrictEqual(toListPage({ ids: ["a", undefined], next }), { nativeIds: [NativeId.make("a")] })
    }
    assert.deepStrictEqual(toListPage({ ids: undefined, next: "b" }), { nativeIds: [], nextPageToken: "b" })
  })

  it("is as long as the agent wants, within what the service allows", () => {
    const sizes = [undefined, 1, 7, 1000].map((pageSize) => clampPageSize(5, 100, { pageSize, pageToken: undefined }))
    assert.deepStrictEqual(sizes, [100, 5, 7, 100])
  })

  it.effect("is followed by the next until there are no more", () =>
    Effect.gen(function* () {
      const pages = { first: { items: [1, 2], next: "second" }, second: { items: undefined, next: "third" } } as const
      const all = allPages((token = "first") =>
        Effect.succeed(token === "first" || token === "second" ? pages[token] : { items: [3], next: "" }),
      )
      assert.deepStrictEqual(yield* all, [1, 2, 3])
    }),
  )
})
