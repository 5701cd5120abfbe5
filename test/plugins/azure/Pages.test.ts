import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import { type NamesPage, nestedPage } from "../../../plugins/azure/src/Pages.ts"

/** Containers are listed one at a time, items two at a time. */
const cloudOf = (
  containers: Readonly<Record<string, ReadonlyArray<string>>>,
  gone: ReadonlySet<string> = new Set(),
) => {
  const names = Object.keys(containers)
  const from = (all: ReadonlyArray<string>, size: number, token = "0"): NamesPage => {
    const end = Number(token) + size
    return { names: all.slice(Number(token), end), next: end < all.length ? `${end}` : "" }
  }
  return {
    containers: (token: string | undefined) => Effect.succeed(from(names, 1, token)),
    items: (container: string, token: string | undefined) =>
      gone.has(container)
        ? Effect.fail(ProviderError.of("NotFound", "gone"))
        : Effect.succeed(from(containers[container] ?? [], 2, token)),
  }
}

const all = Effect.fnUntraced(function* (cloud: ReturnType<typeof cloudOf>) {
  const found: Array<ReadonlyArray<string>> = []
  let token: string | undefined
  do {
    const page = yield* nestedPage(token, cloud)
    found.push(page.nativeIds)
    token = page.nextPageToken
  } while (token !== undefined)
  return found
})

describe("a nested list", () => {
  it.effect("contains each item once", () =>
    Effect.gen(function* () {
      const pages = yield* all(cloudOf({ a: ["1", "2", "3"], b: [], c: ["1", "2"], d: ["1"] }))
      assert.deepEqual(pages, [["a/1", "a/2"], ["a/3"], [], ["c/1", "c/2"], ["d/1"]])
    }),
  )

  it.effect("is one empty page if there is no container", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* all(cloudOf({})), [[]])
    }),
  )

  it.effect("continues after a container that was deleted", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* all(cloudOf({ a: ["1"], b: ["1"] }, new Set(["a"]))), [[], ["b/1"]])
    }),
  )

  it.effect("rejects a token that it did not give", () =>
    Effect.gen(function* () {
      for (const token of ["", "nonsense", "7", '{"container":7}']) {
        assert.strictEqual((yield* Effect.flip(nestedPage(token, cloudOf({})))).code, "InvalidRequest")
      }
    }),
  )
})
